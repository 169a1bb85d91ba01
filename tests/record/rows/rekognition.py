"""Amazon Rekognition."""

EVENTS = """
CompareFaces         Management read
RecognizeCelebrities Management read
"""

REQUESTS = [
    ("DetectFaces", {"Image": {"Bytes": b"b"}}, {"image": {}}),
]
