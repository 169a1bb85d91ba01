"""AWS DataSync."""

from record.rows import HIDDEN

REQUESTS = [
    ("CreateLocationHdfs", {"KerberosKeytab": b"k"}, {"kerberosKeytab": HIDDEN}),
    ("CreateLocationHdfs", {"KerberosKrb5Conf": b"k"}, {"kerberosKrb5Conf": HIDDEN}),
]
