"""The page at `/`: the event history of what is served, in a browser.

The page itself is a few static files; what it shows it asks for below `/-/`, which no bucket can be called.
"""
