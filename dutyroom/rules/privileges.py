"""Who may do what?"""

from __future__ import annotations

from dutyroom.model.people import Act, Machine, Role

_WALKERS = frozenset({Role.TECHNICIAN, Role.LEAD, Role.ADMIN})
_LEADS = frozenset({Role.LEAD, Role.ADMIN})
_ADMINS = frozenset({Role.ADMIN})
_EVERYONE = frozenset(Role)
_WATCH = frozenset({Machine.WATCH})

_MAY: dict[Act, frozenset[Role | Machine]] = {
    Act.ADD_OPERATOR: _ADMINS,
    Act.DISABLE_OPERATOR: _ADMINS,
    Act.SET_PASSWORD: _ADMINS,
    Act.SET_PIN: _EVERYONE,
    Act.SIGN_IN: _EVERYONE,
    Act.REFUSE_SIGN_IN: _EVERYONE,
    Act.SIGN_OUT: _EVERYONE,
    Act.UNLOCK: _EVERYONE,
    Act.REFUSE_UNLOCK: _EVERYONE,
    Act.START_ROUND: _WALKERS,
    Act.ANSWER: _WALKERS,
    Act.UNDO: _WALKERS,
    Act.SIGN_ROUND: _WALKERS,
    Act.APPROVE_ROUND: _LEADS,
    Act.AMEND_ROUND: _WALKERS,
    Act.SKIP_ROUND: _LEADS,
    Act.MISS_ROUND: _WATCH,
    Act.BACK_FILL_ROUND: _WALKERS,
    Act.OPEN_PERIOD: _LEADS,
    Act.CLOSE_PERIOD: _LEADS,
    Act.FIND: _WALKERS | _WATCH,
    Act.WORK_ON_FINDING: _WALKERS,
    Act.VERIFY_FINDING: _WALKERS,
    Act.ASSIGN_FINDING: _WALKERS,
    Act.KNOW_FAULT: _LEADS,
    Act.LOWER_FINDING: _LEADS,
    Act.WITHDRAW_FINDING: _WALKERS | _WATCH,
    Act.IMPORT_ROSTER: _LEADS,
    Act.GIVE_HANDOVER: _WALKERS,
    Act.ACCEPT_HANDOVER: _WALKERS,
    Act.OVERRIDE_HANDOVER: _LEADS,
    Act.SIGN_ZERO_REPORT: _WALKERS,
    Act.AMEND_ZERO_REPORT: _WALKERS,
    Act.RECORD_OUTAGE: _WATCH,
    Act.WORK_ON_EVENT: _WALKERS,
    Act.CLOSE_EVENT: _WALKERS,
    Act.START_TEST: _WALKERS,
    Act.END_TEST: _WALKERS | _WATCH,
    Act.SIGN_TEST: _WALKERS,
    Act.ACKNOWLEDGE: _WALKERS,
    Act.PUBLISH_CHECKLIST: _WALKERS | _WATCH,
    Act.ACCEPT_BASELINE: _LEADS,
    Act.PLAN_MAINTENANCE: _WALKERS,
    Act.CANCEL_MAINTENANCE: _WALKERS,
    Act.EXPORT: _EVERYONE,
    Act.BACK_UP: _WALKERS,
    Act.RESTORE: _ADMINS,
    Act.REGISTER: _LEADS,
    Act.CHANGE_REGISTRATION: _LEADS,
    Act.REMOVE_REGISTRATION: _LEADS,
    Act.SET_SELF_CHECK: _LEADS,
}


def may(role: Role | Machine, act: Act) -> bool:
    """True when the role has the privilege. An auditor reads and exports, and never writes a record.

    The watch finds what is wrong and what was missed, and does nothing that is a person's.
    """
    return role in _MAY[act]
