"""Amazon Location."""

EVENTS = """
CalculateRoute       Management read
CalculateRouteMatrix Management read
"""
