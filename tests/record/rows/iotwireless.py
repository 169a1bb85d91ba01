"""AWS IoT Wireless."""

EVENTS = """
DeregisterWirelessDevice Management read
"""
