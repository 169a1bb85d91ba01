"""The spool: records on disk from the moment a call returns until they are delivered."""

from bototrail.spool.entry import Entry, Header, finish
from bototrail.spool.folder import Folder, Segment, folders, is_alive
from bototrail.spool.writer import Spool

__all__ = ["Entry", "Folder", "Header", "Segment", "Spool", "finish", "folders", "is_alive"]
