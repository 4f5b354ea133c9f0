"""pysnmp engines: one per set of credentials, kept for the life of the process.

One engine must not serve two v3 users of the same name with different keys (WrongDigest), and a new engine per poll
costs a tenth of a second and a megabyte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import count
from typing import Any

from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.cmdgen import CommandGenerator
from pysnmp.error import PySnmpError
from pysnmp.proto import errind
from pysnmp.proto.api import v2c
from pysnmp.proto.error import StatusInformation
from pysnmp.proto.rfc1902 import ObjectName

from dutyroom.inert import inert
from dutyroom.model.devices import SnmpAccess
from dutyroom.model.reading import State
from dutyroom.sources.snmp.answers import NoAnswer, Oid, Refused, SnmpFault, Varbind
from dutyroom.sources.snmp.transport import GuardedUdp, GuardedUdp6
from dutyroom.sources.snmp.varbinds import rows_of

NO_CRYPTOGRAPHY = "v3 privacy unavailable: the Python package cryptography is not installed"
_AUTH = {
    "MD5": config.USM_AUTH_HMAC96_MD5,
    "SHA": config.USM_AUTH_HMAC96_SHA,
    "SHA-224": config.USM_AUTH_HMAC128_SHA224,
    "SHA-256": config.USM_AUTH_HMAC192_SHA256,
    "SHA-384": config.USM_AUTH_HMAC256_SHA384,
    "SHA-512": config.USM_AUTH_HMAC384_SHA512,
}
_PRIV = {
    "DES": config.USM_PRIV_CBC56_DES,
    "3DES": config.USM_PRIV_CBC168_3DES,
    "AES-128": config.USM_PRIV_CFB128_AES,
    # Where the auth hash is shorter than the key, two drafts lengthen it differently: Blumenthal's is what net-snmp
    # means by AES-192 and AES-256, Reeder's is Cisco's and net-snmp's AES-192-C and AES-256-C.
    "AES-192": config.USM_PRIV_CFB192_AES_BLUMENTHAL,
    "AES-256": config.USM_PRIV_CFB256_AES_BLUMENTHAL,
    "AES-192-C": config.USM_PRIV_CFB192_AES,
    "AES-256-C": config.USM_PRIV_CFB256_AES,
}
_ALIASES = {"SHA1": "SHA", "SHA-1": "SHA", "AES": "AES-128"}
_AUTH_TROUBLE: tuple[tuple[type[Any], str], ...] = (
    (errind.UnknownUserName, "the device does not know this v3 user"),
    (errind.UnknownSecurityName, "the device does not know this v3 user"),
    (errind.WrongDigest, "wrong v3 auth password or protocol"),
    (errind.AuthenticationFailure, "wrong v3 auth password or protocol"),
    (errind.AuthenticationError, "wrong v3 auth password or protocol"),
    (errind.DecryptionError, "wrong v3 privacy password or protocol"),
    (errind.UnsupportedSecurityLevel, "the device refuses this v3 security level for the user"),
)

Outcome = Callable[[list[Varbind] | SnmpFault], None]


def _canonical(name: str, known: dict[str, Any], what: str) -> Any:
    upper = name.upper()
    key = _ALIASES.get(upper, upper)
    for candidate in (key, key.replace("SHA", "SHA-"), key.replace("AES", "AES-")):
        if candidate in known:
            return known[candidate]
    raise SnmpFault(State.AUTH, f"unknown v3 {what} protocol {inert(name, 40)}")


def fault_of(indication: Any) -> SnmpFault:
    """pysnmp's error-indication as our fault; wrong v3 credentials are State.AUTH."""
    for kind, detail in _AUTH_TROUBLE:
        if isinstance(indication, kind):
            return SnmpFault(State.AUTH, detail)
    if isinstance(indication, errind.EncryptionError):
        return SnmpFault(State.AUTH, NO_CRYPTOGRAPHY)
    if isinstance(indication, errind.RequestTimedOut):
        return NoAnswer()
    return SnmpFault(State.PROTOCOL, inert(str(indication), 200))


class Engine:
    """One `SnmpEngine` with one set of credentials. Build it inside the loop that will run it.

    Raises `SnmpFault` (State.AUTH) when the credentials cannot be used at all.
    """

    def __init__(self, access: SnmpAccess) -> None:
        self.is_v3 = access.version == "3"
        if access.priv and find_spec("cryptography") is None:
            raise SnmpFault(State.AUTH, NO_CRYPTOGRAPHY)
        self._engine = SnmpEngine()
        self._numbers = count(1)
        try:
            if self.is_v3:
                self._add_user(access)
            else:
                community = access.community.reveal() if access.community else ""
                config.add_v1_system(self._engine, "community", community.encode(), securityName="reader")
                config.add_target_parameters(self._engine, "access", "reader", "noAuthNoPriv", 1)
        except PySnmpError as trouble:
            # The text of such an error may carry the secret, so it is not passed on.
            raise SnmpFault(State.AUTH, f"unusable credentials ({type(trouble).__name__})") from None

    def _add_user(self, access: SnmpAccess) -> None:
        user = access.user or ""
        auth, priv = config.USM_AUTH_NONE, config.USM_PRIV_NONE
        level = "noAuthNoPriv"
        if access.auth:
            auth, level = _canonical(access.auth, _AUTH, "auth"), "authNoPriv"
        if access.priv:
            if not access.auth:
                raise SnmpFault(State.AUTH, "v3 privacy needs authentication")
            priv, level = _canonical(access.priv, _PRIV, "privacy"), "authPriv"
        config.add_v3_user(
            self._engine,
            user,
            auth,
            access.auth_password.reveal().encode() if access.auth and access.auth_password else None,
            priv,
            access.priv_password.reveal().encode() if access.priv and access.priv_password else None,
        )
        config.add_target_parameters(self._engine, "access", user, level, 3)

    def add_target(self, transport: GuardedUdp | GuardedUdp6, address: tuple[str, int], timeout_s: float) -> str:
        """Registers a device under its own transport; returns the target's name for `ask` and `drop_target`.

        pysnmp keys transports and what it learnt of a v3 engine by transport domain, and knows a domain by its
        beginning: a domain with one more number is a transport of its own. Retries are the session's: a retry that
        pysnmp makes for a session closed meanwhile would end its timer, and no request would time out any more.
        """
        number = next(self._numbers)
        name = f"device-{number}"
        config.add_transport(self._engine, (*transport.DOMAIN, number), transport)
        config.add_target_address(
            self._engine, name, (*transport.DOMAIN, number), address, "access", timeout_s * 100, 0
        )
        return name

    def drop_target(self, transport: GuardedUdp | GuardedUdp6, name: str) -> None:
        """Forgets a target and its transport, which its owner closes."""
        config.delete_target_address(self._engine, name)
        self._engine.transport_dispatcher.unregister_transport((*transport.DOMAIN, int(name.rpartition("-")[2])))

    def parse_errors(self) -> int:
        """How many messages the engine could not decode (snmpInASNParseErrs of its own SNMPv2-MIB, RFC 3418)."""
        (counter,) = self._engine.get_mib_builder().import_symbols("__SNMPv2-MIB", "snmpInASNParseErrs")
        return int(counter.syntax)

    def ask(self, target: str, oids: Sequence[Oid], repetitions: int | None, outcome: Outcome, *, get: bool) -> None:
        """Sends one GET, or one GETNEXT (`repetitions` None), or one GETBULK; `outcome` is called once, later.

        Raises `SnmpFault` when the question cannot even be sent.
        """

        def answered(_engine: Any, _handle: Any, indication: Any, pdu: Any, _context: Any) -> None:
            if indication or pdu is None:
                outcome(fault_of(indication))
            elif status := int(v2c.apiPDU.get_error_status(pdu)):
                outcome(Refused(status))
            else:
                outcome(rows_of(pdu))

        pdu = v2c.GetRequestPDU() if get else v2c.GetNextRequestPDU()
        api: Any = v2c.apiPDU
        if repetitions is not None:
            pdu, api = v2c.GetBulkRequestPDU(), v2c.apiBulkPDU
        api.set_defaults(pdu)
        if repetitions is not None:
            api.set_non_repeaters(pdu, 0)
            api.set_max_repetitions(pdu, repetitions)
        api.set_varbinds(pdu, [(ObjectName(oid), v2c.null) for oid in oids])
        try:
            CommandGenerator().send_pdu(self._engine, target, None, b"", pdu, answered, None)
        except StatusInformation as trouble:
            raise fault_of(trouble["errorIndication"]) from None
        except PySnmpError as trouble:
            raise SnmpFault(State.PROTOCOL, f"the question could not be sent ({type(trouble).__name__})") from None

    def close(self) -> None:
        """Closes the dispatcher and with it every transport left."""
        self._engine.close_dispatcher()
