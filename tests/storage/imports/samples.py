"""Self-made files of each service, small, with invented films."""

import io
import zipfile
from collections.abc import Mapping

WATCHED = """Date,Name,Year,Letterboxd URI
2024-03-01,The Glass Orchard,1998,https://boxd.it/zz1a
2024-03-02,"Rain, Then Salt",2011,https://boxd.it/zz2b
2024-03-02,Été perdu,1967,https://boxd.it/zz3c
2024-03-02,Untitled Heist,,https://boxd.it/zz4d
"""
RATINGS = """Date,Name,Year,Letterboxd URI,Rating
2024-03-01,The Glass Orchard,1998,https://boxd.it/zz1a,4.5
2024-03-02,Été perdu,1967,https://boxd.it/zz3c,0.5
"""
DIARY = """Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
2024-03-01,The Glass Orchard,1998,https://boxd.it/zzzz1a,4,,,2024-02-28
2024-06-11,The Glass Orchard,1998,https://boxd.it/zzzz2b,3,Yes,"cinema, 35mm",2024-06-10
2024-06-12,"Rain, Then Salt",2011,https://boxd.it/zzzz3c,2,,,2024-06-12
"""
REVIEWS = '''Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date
2024-06-11,The Glass Orchard,1998,https://boxd.it/zzzz2b,3,,"Two lines,
and a ""quotation""",,2024-06-10
'''
WATCHLIST = """Date,Name,Year,Letterboxd URI
2024-04-01,Harbour of Tin,2019,https://boxd.it/zz5e
2024-04-02,The Glass Orchard,1998,https://boxd.it/zz1a
"""
LIKES = """Date,Name,Year,Letterboxd URI
2024-03-01,The Glass Orchard,1998,https://boxd.it/zz1a
"""
LIST = """Letterboxd list export v7
Date,Name,Tags,URL,Description
2024-05-05,Quiet films,"calm, slow",https://boxd.it/zzlst,"First line
second line"

Position,Name,Year,URL,Description
1,The Glass Orchard,1998,https://boxd.it/zz1a,
2,"Rain, Then Salt",2011,https://boxd.it/zz2b,Best of them
"""
LETTERBOXD = {
    "diary.csv": DIARY,
    "likes/films.csv": LIKES,
    "likes/lists.csv": "Date,Content\n2024-01-01,https://boxd.it/zzzz9\n",
    "lists/quiet-films.csv": LIST,
    "profile.csv": "Date Joined,Username,Email Address\n2020-01-01,ana,ana@example.org\n",
    "ratings.csv": RATINGS,
    "reviews.csv": REVIEWS,
    "watched.csv": WATCHED,
    "watchlist.csv": WATCHLIST,
    "deleted/diary.csv": DIARY.replace("The Glass Orchard", "Deleted Film"),
    "deleted/comments.csv": "\0" * 40,
    "orphaned/reviews.csv": REVIEWS.replace("The Glass Orchard", "Orphaned Film"),
}

IMDB_RATINGS = """Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,\
Runtime (mins),Year,Genres,Num Votes,Release Date,Directors
tt9900001,9,2024-03-01,The Glass Orchard,The Glass Orchard,https://www.imdb.com/title/tt9900001/,\
Movie,7.1,104,1998,"Drama, Mystery",1200,1998-09-04,Ana Example
tt99000031,2,2024-03-02,Lost Summer,Été perdu,https://www.imdb.com/title/tt99000031/,TV Movie,6.0,\
91,1967,Drama,300,1967-05-10,"Luc Exemple, Mia Exemple"
tt99000040,8,2024-03-03,Harbour Lights,Harbour Lights,https://www.imdb.com/title/tt99000040/,\
TV Series,8.2,45,2020,Crime,5400,2020-01-09,
"""
IMDB_LIST = """Position,Const,Created,Modified,Description,Title,URL,Title Type,IMDb Rating,\
Runtime (mins),Year,Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated
1,tt9900001,2024-01-05,2024-01-05,,The Glass Orchard,https://www.imdb.com/title/tt9900001/,movie,\
7.1,104,1998,"Drama, Mystery",1200,1998-09-04,Ana Example,9,2024-03-01
2,tt9900002,2024-01-06,2024-01-06,see soon,"Rain, Then Salt",https://x,tvMovie,6.4,98,2011,Drama,\
800,2011-02-11,Bo Example,,
3,tt99000041,2024-01-07,2024-01-07,,Tin Harbour,https://x,videoGame,8.0,,2019,Adventure,90,\
2019-03-03,,,
"""
IMDB_2016 = """"position","const","created","modified","description","Title","Title type",\
"Directors","You rated","IMDb Rating","Runtime (mins)","Year","Genres","Num. Votes",\
"Release Date (month/day/year)","URL"
"1","tt9900001","Wed Feb 22 00:00:00 2012","","","The Glass Orchard","Feature Film","Ana Example",\
"9","7.1","104","1998","drama","1200","1998-09-04","http://www.imdb.com/title/tt9900001/"
"2","tt9900050","Thu Feb 23 00:00:00 2012","","","Pilot","TV Episode","","7","7","45","2001",\
"drama","12","2001-01-01","http://www.imdb.com/title/tt9900050/"
"""

TRAKT_HISTORY = """[
{"id":1,"watched_at":"2024-02-28T20:15:00.000Z","action":"watch","type":"movie","movie":
 {"title":"The Glass Orchard","year":1998,"ids":{"trakt":1,"imdb":"tt9900001","tmdb":9900001}}},
{"id":2,"watched_at":"2024-05-01T01:15:00.000Z","action":"scrobble","type":"movie","movie":
 {"title":"The Glass Orchard","year":1998,"ids":{"trakt":1,"imdb":"tt9900001","tmdb":9900001}}},
{"id":3,"watched_at":"2024-05-02T20:15:00.000Z","action":"watch","type":"episode","episode":
 {"season":1,"number":1,"title":"Pilot","ids":{}},"show":{"title":"Harbour Lights","year":2020}}]"""
TRAKT_RATINGS = """[{"rated_at":"2024-03-01T08:00:00.000Z","rating":9,"type":"movie","movie":
{"title":"Rain, Then Salt","year":2011,"ids":{"trakt":2,"imdb":null,"tmdb":9900002}}}]"""
TRAKT_WATCHLIST = """[{"rank":1,"id":7,"listed_at":"2024-03-04T09:00:00.000Z","notes":null,
"type":"movie","movie":{"title":"Été perdu","year":1967,"ids":{"imdb":"tt9900003","tmdb":null}}}]"""
TRAKT_OLDER = {
    "ana/watched/history-1.json": TRAKT_HISTORY,
    "ana/ratings/ratings-movies.json": TRAKT_RATINGS,
    "ana/lists/watchlist.json": TRAKT_WATCHLIST,
}
TRAKT_NEWER = {
    "watched-history-1.json": TRAKT_HISTORY,
    "ratings-movies.json": TRAKT_RATINGS,
    "lists-watchlist.json": TRAKT_WATCHLIST,
    "user-profile.json": '{"username":"ana"}',
}

MOVIELENS_RATINGS = """movie_id,imdb_id,tmdb_id,rating,average_rating,title
990001,9900001,9900001,4.5,3.61234,The Glass Orchard (1998)
990002,0900002,,3.0,3.10021,"Rain, Then Salt (2011)"
"""
MOVIELENS_WISHLIST = """movie_id,imdb_id,tmdb_id,average_rating,title
990003,0900003,9900003,2.95,Été perdu (1967)
"""
TMDB_RATINGS = """TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,\
Your Rating,Date Rated
9900001,tt9900001,movie,The Glass Orchard,1998-09-04T00:00:00Z,,,7.1,9,2024-03-01T08:00:00Z
9900002,,movie,"Rain, Then Salt",2011-02-11T00:00:00Z,,,6.4,6.5,2024-03-02T08:00:00Z
9900004,tt99000040,tv,Harbour Lights,2020-01-09T00:00:00Z,,,8.2,8,2024-03-03T08:00:00Z
"""
SIMKL = """SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB
1,The Glass Orchard,movie,1998,completed,,18-12-2023 21:50:41,9,,,9900001,tt9900001
2,"Rain, Then Salt",movie,2011,plantowatch,,,,,,9900002,
3,Harbour Lights,tv,2020,watching,S01E03,19-12-2023 21:50:41,8,,880001,9900004,tt99000040
"""
CRITICKER_XML = """<?xml version="1.0" encoding="UTF-8"?>
<recentratings><film><filmid>1</filmid><filmname>The Glass Orchard (1998)</filmname>\
<imdbid>tt9900001</imdbid><rating>85</rating><quote/><reviewdate>Mar 01 2024, 08:00</reviewdate>\
<tier>9</tier></film>
<film><filmid>2</filmid><filmname>Rain &amp; Salt (2011)</filmname><imdbid/><rating>0</rating>\
<quote>Slow &amp; salty</quote><reviewdate>Mar 12 2024, 08:00</reviewdate></film></recentratings>
"""
CRITICKER_CSV = """Score, Film Name, Year, Mini Review, URL, IMDB ID
8,The Glass Orchard,1998,,https://x,tt9900001
3,"Rain, Then Salt",2011,,https://x,tt9900002
"""
NETFLIX_SHORT = """Title,Date
"The Glass Orchard","3/1/24"
"Harbour Lights: Season 1: Pilot","3/2/24"
"Harbour Lights: Further: Epilogue","3/3/24"
"Tin Harbour: Tin Harbour 2: Storm","3/4/24"
"House of Salt: The Sea: Limited Series: Tide","3/5/24"
"Dahlia: Monster: The Gate (Episode 4)","3/6/24"
"Mission: Tin: Salt","12/31/23"
"""
NETFLIX_FULL = """Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,\
Device Type,Bookmark,Latest Bookmark,Country
Ana,2024-03-01 20:00:00,01:00:00,,The Glass Orchard,,TV,01:00:00,,FR
Ana,2024-03-02 20:00:00,00:40:00,,The Glass Orchard,,TV,01:40:00,,FR
Ana,2024-03-02 22:00:00,00:01:00,,Rain,,TV,00:01:00,,FR
Ana,2024-03-02 23:00:00,00:01:00,,Trailer of Rain,TRAILER,TV,00:01:00,,FR
"""
MOVARY = """title,year,tmdbId,imdbId,watchedAt,comment,location
The Glass Orchard,1998,9900001,tt9900001,2024-02-28,,
"""
PLAIN = """Title;Year;Rating;Watched;Watchlist;Date
The Glass Orchard;1998;4,5;yes;no;28.2.2024
"Rain; Then Salt";2011;;no;yes;1.3.2024
Été perdu;1967;;yes;;
Untitled Heist;;;no;no;
"""


def zipped(files: Mapping[str, str | bytes], folder: str = "") -> bytes:
    """Returns a zip of files by their names. folder: what every name begins with."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(folder + name, content)
    return written.getvalue()
