"""Amazon Neptune, data plane."""

from record.rows import HIDDEN

REQUESTS = [
    ("ExecuteGremlinQuery", {"gremlinQuery": "q"}, {"gremlin": HIDDEN}),
    ("ExecuteOpenCypherQuery", {"openCypherQuery": "q"}, {"query": HIDDEN}),
]
