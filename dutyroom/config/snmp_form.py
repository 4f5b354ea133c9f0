"""The form of `snmp = { ... }` in the site file: how a device is asked.

The text under a key is its description in the JSON Schema that editors use.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from dutyroom.config.values import VariableName
from dutyroom.tomlform import Form
from dutyroom.tomlvalues import FilledText, listed, one_of

AUTH = ("MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512")
PRIV = ("DES", "3DES", "AES-128", "AES-192", "AES-256")

SnmpVersion = Annotated[str, one_of("2c", "3"), listed("2c", "3")]
AuthName = Annotated[str, one_of(*AUTH), listed(*AUTH)]
PrivName = Annotated[str, one_of(*PRIV), listed(*PRIV)]


class SnmpForm(Form):
    """How a device is asked over SNMP. Secrets: `*_file`, else `*_env`, else a systemd credential, else inline."""

    version: SnmpVersion = Field(examples=['"2c"'])
    """2c (a community) or 3 (a user, RFC 3414)."""
    community: SecretStr | None = None
    """The community itself; better in a file of its own."""
    community_file: FilledText | None = None
    """A file that holds the community; nobody but its owner may read it."""
    community_env: VariableName | None = None
    """The environment variable that holds the community."""
    user: FilledText | None = None
    """The SNMPv3 user name."""
    auth: AuthName | None = None
    """The SNMPv3 authentication protocol."""
    auth_password: SecretStr | None = None
    """The authentication password itself; better in a file of its own."""
    auth_password_file: FilledText | None = None
    """A file that holds the authentication password."""
    auth_password_env: VariableName | None = None
    """The environment variable that holds the authentication password."""
    priv: PrivName | None = None
    """The SNMPv3 privacy protocol."""
    priv_password: SecretStr | None = None
    """The privacy password itself; better in a file of its own."""
    priv_password_file: FilledText | None = None
    """A file that holds the privacy password."""
    priv_password_env: VariableName | None = None
    """The environment variable that holds the privacy password."""
