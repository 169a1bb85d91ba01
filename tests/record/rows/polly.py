"""Amazon Polly."""

EVENTS = """
SynthesizeSpeech Management read
"""

REQUESTS = [
    ("SynthesizeSpeech", {"VoiceId": "Joanna", "Text": "t"}, {"voiceId": "Joanna", "text": "**********"}),
]
