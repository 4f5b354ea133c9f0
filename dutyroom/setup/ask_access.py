"""How a device is asked over SNMP: community, or user and passwords. What is secret is typed unseen."""

from __future__ import annotations

from dataclasses import replace

from dutyroom.config.devices import SHORTEST_USM_PASSWORD
from dutyroom.config.snmp_form import AUTH, PRIV
from dutyroom.model.devices import Secret, SnmpAccess
from dutyroom.setup.talk import Talk, ask, choose, walk
from dutyroom.words import N_, _

_VERSIONS = (("2c", N_("v2c: a community")), ("3", N_("v3: a user with passwords")))


def ask_access(talk: Talk, before: SnmpAccess | None) -> SnmpAccess:
    """The access as typed; `before` gives the defaults, and what is secret in it is kept by an empty line."""
    access = before or SnmpAccess("2c")

    def version() -> None:
        nonlocal access
        told = choose(talk, _("SNMP version"), _VERSIONS, access.version, explain=_version_help())
        if told != access.version:
            access = SnmpAccess(told)

    def rest() -> None:
        nonlocal access
        access = _community(talk, access) if access.version == "2c" else _user(talk, access)

    walk(talk, (version, rest))
    return access


def _version_help() -> str:
    return _(
        "As the device is configured. v3 with passwords cannot be read or forged on the way; v2c sends its community "
        "in clear. Both are read-only here."
    )


def _secret(talk: Talk, question: str, before: Secret | None, shortest: int = 1) -> Secret:
    def long_enough(text: str) -> None:
        if len(text.encode()) < shortest:
            raise ValueError(_("SNMPv3 passwords have {count} characters or more").format(count=shortest))

    kept = " (" + _("enter keeps it") + ")" if before is not None else ""
    explain = _("What is typed is not shown. It goes into a file of its own that only you may read.")
    typed = ask(
        talk, question + kept, explain=explain, check=long_enough, needed=before is None, hidden=True, words=False
    )
    return Secret(typed) if typed or before is None else before


def _community(talk: Talk, access: SnmpAccess) -> SnmpAccess:
    return SnmpAccess("2c", community=_secret(talk, _("Community (not shown)"), access.community))


def _user(talk: Talk, access: SnmpAccess) -> SnmpAccess:
    none = ("", N_("none"))

    def user() -> None:
        nonlocal access
        access = replace(access, user=ask(talk, _("v3 user"), access.user or "", words=True))

    def auth() -> None:
        nonlocal access
        told = choose(talk, _("Authentication"), [*((one, one) for one in AUTH), none], access.auth or "SHA-256")
        access = replace(access, auth=told or None) if told else replace(access, auth=None, auth_password=None)

    def auth_password() -> None:
        nonlocal access
        if access.auth is not None:
            question = _("Authentication password (not shown)")
            secret = _secret(talk, question, access.auth_password, SHORTEST_USM_PASSWORD)
            access = replace(access, auth_password=secret)

    def priv() -> None:
        nonlocal access
        if access.auth is None:
            access = replace(access, priv=None, priv_password=None)
            return
        told = choose(talk, _("Privacy"), [*((one, one) for one in PRIV), none], access.priv or "AES-128")
        access = replace(access, priv=told) if told else replace(access, priv=None, priv_password=None)

    def priv_password() -> None:
        nonlocal access
        if access.priv is not None:
            question = _("Privacy password (not shown)")
            secret = _secret(talk, question, access.priv_password, SHORTEST_USM_PASSWORD)
            access = replace(access, priv_password=secret)

    walk(talk, (user, auth, auth_password, priv, priv_password))
    return access
