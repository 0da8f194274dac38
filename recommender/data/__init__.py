"""The data classes that all models use: ratings, films, queries, picks, and vocabularies.

A query is one person's request for films, a pick is a recommended film, and a vocabulary maps ids
to rows. All of them are frozen, and their arrays are treated as read-only.
"""

from recommender.data.anonymity import MIN_PEOPLE
from recommender.data.catalogue import (
    ADULTS,
    EVERYONE,
    FREE_FACET,
    TEENS,
    UNKNOWN_AUDIENCE,
    Catalogue,
    FactBlock,
)
from recommender.data.interactions import HIGHEST, LOWEST, Interactions, interactions, join
from recommender.data.query import Part, PartKind, Pick, Query, Scorer
from recommender.data.vocabulary import Vocabulary

__all__ = [
    "ADULTS",
    "EVERYONE",
    "FREE_FACET",
    "HIGHEST",
    "LOWEST",
    "MIN_PEOPLE",
    "TEENS",
    "UNKNOWN_AUDIENCE",
    "Catalogue",
    "FactBlock",
    "Interactions",
    "Part",
    "PartKind",
    "Pick",
    "Query",
    "Scorer",
    "Vocabulary",
    "interactions",
    "join",
]
