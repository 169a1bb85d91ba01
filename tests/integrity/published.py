"""Public keys that AWS has published as examples, in the form in which they stand there."""

from __future__ import annotations

AWS_CLI = {
    # awscli 1.46.2, examples/cloudtrail/list-public-keys.rst
    "ValidityStartTime": 1453076702.0,
    "ValidityEndTime": 1455668702.0,
    "Value": (
        "MIIBCgKCAQEAlSS3cl92HDycr/MTj0moOhas8habjrraXw+KzlWF0axSI2tcF+3iJ9BKQAVSKxGwxwu3m0wG3J+kUl1xboEcEPHYoIYMbgfSw7KG"
        "nuDKwkLzsQWhUJ0cIbOHASox1vv/5fNXkrHhGbDCHeVXm804c83nvHUEFYThr1PfyP/8HwrCtR3FX5OANtQCP61C1nJtSSkC8JSQUOrIP4CuwJjc"
        "+4WGDk+BGH5m9iuiAKkipEHWmUl8/P7XpfpWQuk4h8g3pXZOrNXr08lbh4d39svj7UqdhvOXoBISp9t/EXYuePGEtBdrKD9Dz+VHwyUPtBQvYr9B"
        "nkF88qBnaPNhS44rzwIDAQAB"
    ),
    "Fingerprint": "7f3f401420072e50a65a141430817ab3",
}
GUIDE = [
    # AWS CloudTrail User Guide, "Custom implementations of CloudTrail log file integrity validation"
    {
        "ValidityStartTime": "1436317441.0",
        "ValidityEndTime": "1438909441.0",
        "Value": (
            "MIIBCgKCAQEAn11L2YZ9h7onug2ILi1MWyHiMRsTQjfWE+pHVRLk1QjfWhirG+lpOa8NrwQ/r7Ah5bNL6HepznOU9XTDSfmmnP97mqyc7z/upf"
            "ZdS/AHhYcGaz7n6Wc/RRBU6VmiPCrAUojuSk6/GjvA8iOPFsYDuBtviXarvuLPlrT9kAd4Lb+rFfR5peEgBEkhlzc5HuWO7S0y+KunqxX6jQBn"
            "XGMtxmPBPP0FylgWGNdFtks/4YSKcgqwH0YDcawP9GGGDAeCIqPWIXDLG1jOjRRzWfCmD0iJUkz8vTsn4hq/5ZxRFE7UBAUiVcGbdnDdvVfhF9"
            "C3dQiDq3k7adQIziLT0cShgQIDAQAB"
        ),
        "Fingerprint": "8eba5db5bea9b640d1c96a77256fe7f2",
    },
    {
        "ValidityStartTime": "1434589460.0",
        "ValidityEndTime": "1437181460.0",
        "Value": (
            "MIIBCgKCAQEApfYL2FiZhpN74LNWVUzhR+VheYhwhYm8w0n5Gf6i95ylW5kBAWKVEmnAQG7BvS5g9SMqFDQx52fW7NWV44IvfJ2xGXT+wT+DgR"
            "6ZQ+6yxskQNqV5YcXj4Aa5Zz4jJfsYjDuO2MDTZNIzNvBNzaBJ+r2WIWAJ/Xq54kyF63B6WE38vKuDE7nSd1FqQuEoNBFLPInvgggYe2Ym1Ref"
            "e2z71wNcJ2kY+q0h1BSHrSM8RWuJIw7MXwF9iQncg9jYzUlNJomozQzAG5wSRfbplcCYNY40xvGd/aAmO0m+Y+XFMrKwtLCwseHPvj843qVno6"
            "x4BJN9bpWnoPo9sdsbGoiK3QIDAQAB"
        ),
        "Fingerprint": "8933b39ddc64d26d8e14ffbf6566fee4",
    },
]
