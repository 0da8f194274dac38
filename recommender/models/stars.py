"""The rating model: how many stars a person would give a film, and how certain that is.

`gibbs` samples many plausible versions of a matrix factorization (draws). A prediction is the mean
over the draws, clipped to the lowest and highest stars in the data. Features of a film, such as its
tags, give the prior mean of its bias and factors, so that stars can be predicted for films with few
ratings too. The factors of a new person are computed in closed form under every draw (fold-in), so
their posterior is a mixture of Gaussians, one for each draw.

Sampling uses people and films in the order of their ids. The order of the ratings and of the rows
therefore does not change a prediction.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.data import Query
from recommender.errors import DataError
from recommender.models.star_draws import Draws, HalfDraws
from recommender.numeric.arrays import Array64, Rows

CHUNK_PAIRS = 1 << 15  # pairs of person and film that are predicted at once


@dataclass(frozen=True, eq=False)
class StarPrediction:
    """Predictions of n ratings.

    Attributes:
        expected: (n,) stars.
        doubt: (n,) standard deviation of the expected stars, because the model's parameters are
            uncertain; large if there are few ratings.
        spread: (n,) standard deviation of the rating that the person would actually give: `doubt`
            together with the noise in the person's stars.
    """

    expected: Array64
    doubt: Array64
    spread: Array64


@dataclass(frozen=True, eq=False)
class Place:
    """The distribution of a person's factors and bias: one Gaussian for each of s draws.

    A draw is one sampled version of the model. The columns are the factors, followed by the bias.

    Attributes:
        mean: (s, columns) means.
        covariance: (s, columns, columns) covariances.
        noise: (s,) variance of the noise in the person's stars.
        rating_count: number of the person's ratings that the posterior rests on.
    """

    mean: Array64
    covariance: Array64
    noise: Array64
    rating_count: int


@dataclass(frozen=True, eq=False)
class StarModel:
    """A fitted rating model. `fit_stars` makes one.

    Attributes:
        lowest: smallest prediction, in stars.
        highest: largest prediction, in stars.
        person_place: (people,) row of each person in `draws.people.values`; the last row if nothing
            is known about the person.
        film_place: (films,) row of each film in `draws.films.values`; the last row if nothing is
            known about the film.
        basis: (rated films, width) one row for each rated film, from which a person's features are
            computed: the sum of the rows of the films that they rated, divided by the square root
            of the number of these films. The rows are in the order of `draws.films.values`.
        draws: the sampled versions of the model; None if there were no ratings.
    """

    lowest: float
    highest: float
    person_place: Rows
    film_place: Rows
    basis: npt.NDArray[np.float32]
    draws: Draws | None

    @property
    def scale_spread(self) -> float:
        """Standard deviation, in stars, of a rating that may lie anywhere on the scale."""
        return (self.highest - self.lowest) / float(np.sqrt(12.0))

    def predict(self, people: npt.ArrayLike, films: npt.ArrayLike) -> Array64:
        """Returns (n,) expected stars for n pairs of a person's row and a film's row.

        A row of -1 is an unknown person or film. Raises DataError if `people` and `films` differ in
        length or a row was not in the training data's vocabularies.
        """
        return self.predict_with_spread(people, films).expected

    def predict_with_spread(self, people: npt.ArrayLike, films: npt.ArrayLike) -> StarPrediction:
        """Returns the stars that `predict` returns, with their standard deviations.

        people, films: (n,) rows; -1 for an unknown person or film.
        """
        draws = self.draws
        person = _places(
            people, self.person_place, None if draws is None else draws.people, "person"
        )
        film = _places(films, self.film_place, None if draws is None else draws.films, "film")
        if len(person) != len(film):
            raise DataError("pairs-differ-in-length")
        if draws is None:
            return self._blank(len(film))
        mean, square = np.zeros(len(film)), np.zeros(len(film))
        for start in range(0, len(film), CHUNK_PAIRS):
            part = slice(start, start + CHUNK_PAIRS)
            for one in range(len(draws.centre)):
                left = draws.people.values[one][person[part]]
                right = draws.films.values[one][film[part]]
                predicted = np.einsum("nk,nk->n", left[:, :-1], right[:, :-1]).astype(np.float64)
                predicted += draws.centre[one] + left[:, -1] + right[:, -1]
                mean[part] += predicted
                square[part] += predicted**2
                mine = draws.people.slack(one, person[part])
                its = draws.films.slack(one, film[part])
                open_ = mine * (right**2 + its) + its * left**2
                square[part] += open_[:, :-1].sum(axis=1) + mine[:, -1] + its[:, -1]
        mean /= len(draws.centre)
        doubt = np.maximum(square / len(draws.centre) - mean**2, 0.0)
        noise = np.append(draws.noise, _typical_noise(draws))[person]
        return self._stars(mean, doubt, noise)

    def without_people(self, most_bytes: int) -> "StarModel":
        """Returns the same model without people's factors. It predicts a person's stars only after
        `fold_in`, which computes their factors.

        It keeps the films' draws in half precision. If they would take more than `most_bytes`
        bytes, it keeps fewer draws, evenly spaced, but at least one.
        """
        draws = self.draws
        if draws is None:
            return replace(self, person_place=np.zeros(0, np.int64))
        one = draws.films.values[0].size * 2  # bytes of a draw of the films
        count = max(1, min(len(draws.centre), most_bytes // one))
        kept = (np.arange(count) * len(draws.centre)) // count
        films = replace(draws.films.of(kept), values=draws.films.values[kept].astype(np.float16))
        people = draws.people.of(kept)
        people = replace(people, values=people.values[:, -1:], rated=0)
        thinned = Draws(
            draws.centre[kept],
            people,
            films,
            draws.typical_precision[kept],
            draws.shape[kept],
            np.zeros(0),
        )
        return replace(self, person_place=np.zeros(0, np.int64), draws=thinned)

    def over(self, rows: npt.NDArray[np.int64]) -> "StarModel":
        """Returns the same model for another catalogue, whose films are in other rows.

        rows: (new films,) row of each film in the old catalogue; -1 for a film that is unknown
        here.
        """
        last = 0 if self.draws is None else self.draws.films.values.shape[1] - 1
        return replace(self, film_place=np.append(self.film_place, last)[rows])

    def fold_in(self, query: Query) -> Place:
        """Returns the distribution of a person's factors and bias, from the ratings in their query.

        Ratings of films that nobody had rated when the model was fitted are ignored. Without any
        other rating, the result is that of an unknown person. Given the film factors of one draw,
        the person's factors follow from a linear regression. It is computed twice: first with the
        noise of a typical person, then with the noise estimated for this person. The model does not
        change.
        """
        draws = self.draws
        if draws is None:
            none = np.zeros((0, 1))
            return Place(none, np.zeros((0, 1, 1)), np.zeros(0), 0)
        inside = query.films < len(self.film_place)
        rows, stars = self.film_place[query.films[inside]], query.stars[inside]
        heard = rows < draws.films.rated
        rows, stars = rows[heard], stars[heard]
        people = draws.people
        prior = people.mean.copy()
        if len(rows):
            features = self.basis[rows].sum(axis=0, dtype=np.float64) / np.sqrt(len(rows))
            prior += np.einsum("w,swc->sc", features, people.weights)
        design = draws.films.values[:, rows].astype(np.float64)  # (s, n, columns)
        wants = stars - draws.centre[:, None] - design[:, :, -1]
        design[:, :, -1] = 1.0
        gram = design.transpose(0, 2, 1) @ design
        pull = (design.transpose(0, 2, 1) @ wants[:, :, None])[:, :, 0]
        own = people.precision[:, :, None] * np.eye(people.precision.shape[1])
        steady = draws.typical_precision
        for _ in range(2):
            covariance = np.asarray(np.linalg.inv(own + steady[:, None, None] * gram), np.float64)
            aim = people.precision * prior + steady[:, None] * pull
            mean = (covariance @ aim[:, :, None])[:, :, 0]
            left = wants - (design @ mean[:, :, None])[:, :, 0]
            squares = (left**2).sum(axis=1) + np.einsum("sij,sji->s", gram, covariance)
            noise = (draws.shape / draws.typical_precision + squares / 2) / (
                draws.shape + len(rows) / 2
            )
            steady = 1.0 / noise
        return Place(mean, covariance, noise, len(rows))

    def predict_place(self, place: Place, films: npt.ArrayLike) -> StarPrediction:
        """Returns the predicted stars of n films for one person.

        place: the distribution of the person's factors. films: (n,) rows; -1 for an unknown film.
        """
        draws = self.draws
        film = _places(films, self.film_place, None if draws is None else draws.films, "film")
        if draws is None:
            return self._blank(len(film))
        mean, square = np.zeros(len(film)), np.zeros(len(film))
        for one, centre in enumerate(draws.centre):
            known = draws.films.values[one][film].astype(np.float64)
            base = centre + known[:, -1]
            known[:, -1] = 1.0
            predicted = base + known @ place.mean[one]
            mean += predicted
            square += predicted**2 + ((known @ place.covariance[one]) * known).sum(axis=1)
            slack = draws.films.slack(one, film)
            square += slack @ np.append(_squares(place, one)[:-1], 1.0)
        mean /= len(draws.centre)
        doubt = np.maximum(square / len(draws.centre) - mean**2, 0.0)
        return self._stars(mean, doubt, np.full(len(film), place.noise.mean()))

    def _stars(self, mean: Array64, doubt: Array64, noise: Array64) -> StarPrediction:
        """Returns predictions whose stars are clipped to the range from `lowest` to `highest`.

        mean: (n,) expected stars. doubt: (n,) variance of the expected stars. noise: (n,) variance
        of the person's noise.
        """
        expected = np.clip(mean, self.lowest, self.highest)
        return StarPrediction(expected, np.sqrt(doubt), np.sqrt(doubt + noise))

    def _blank(self, count: int) -> StarPrediction:
        """Returns `count` predictions of a model without ratings.

        They are the middle of the scale, with the standard deviation of a uniform distribution over
        it.
        """
        wide = np.full(count, self.scale_spread)
        return StarPrediction(np.full(count, (self.lowest + self.highest) / 2), wide, wide.copy())


def _places(rows: npt.ArrayLike, place: Rows, side: HalfDraws | None, what: str) -> Rows:
    """Returns (n,) the position of each person or film in the arrays of draws.

    rows: (n,) rows in the model's vocabulary; -1 for an unknown person or film, whose draws come
    last. place: the position for each row, `StarModel.person_place` or `film_place`. side: the
    draws of people or of films; None if the model has no draws. what: "person" or "film", for the
    error's sentence. Raises DataError if a row is out of range.
    """
    wanted = np.asarray(rows, np.int64).reshape(-1)
    if wanted.size and (wanted.min() < -1 or wanted.max() >= len(place)):
        raise DataError("rating-model-row", what=what)
    last = 0 if side is None else side.values.shape[1] - 1
    return np.append(place, last)[wanted]


def _squares(place: Place, draw: int) -> Array64:
    """Returns (columns,) the expected squares of a person's factors and bias in one draw of the
    sampler.
    """
    return np.asarray(place.mean[draw] ** 2 + np.diag(place.covariance[draw]))


def _typical_noise(draws: Draws) -> float:
    """Returns the noise variance of an unknown person: the mean of 1 / precision under the gamma
    distribution of people's precisions, averaged over the draws of the sampler.
    """
    shape = np.maximum(draws.shape, 1.5)
    return float((shape / (shape - 1.0) / draws.typical_precision).mean())
