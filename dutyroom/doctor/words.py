"""Every check in words: its title, what was found, and what to do, in the language in force."""

from __future__ import annotations

from dutyroom import backup_words, show
from dutyroom.doctor.check import Check, Group
from dutyroom.inert import inert
from dutyroom.model.reading import State
from dutyroom.words import N_, _

_GROUPS = {
    Group.MACHINE: N_("Machine"),
    Group.TERMINAL: N_("Terminal"),
    Group.SITE: N_("Site file"),
    Group.RECORDS: N_("Records"),
    Group.WATCH: N_("Watch"),
    Group.SOURCES: N_("Sources, asked now"),
}
_TITLES = {
    "python": "Python",
    "encoding": N_("Text encoding"),
    "snmpv3": N_("SNMPv3 privacy"),
    "sqlite": N_("SQLite library"),
    "terminal": N_("Terminal"),
    "size": N_("Size"),
    "term": N_("Kind"),
    "colours": N_("Colours"),
    "width": N_("Width of ambiguous signs"),
    "tmux": N_("tmux client"),
    "site-file": N_("Site file"),
    "site-mode": N_("Mode of the site file"),
    "secrets": N_("Secret files"),
    "store": N_("Database"),
    "log": N_("Database log"),
    "store-mode": N_("Modes of the files"),
    "space": N_("Free space"),
    "ledger": N_("Ledger"),
    "clock": N_("Clock"),
    "backup": N_("Backup"),
    "second": N_("Second place"),
    "watch": N_("Watcher"),
    "watch-site": N_("Site file of the watcher"),
    "unit": N_("systemd unit"),
    "source": N_("Source"),
}
_TOLD = {
    "python": "Python {version}",
    "python-old": N_("Python {version} is older than {oldest}"),
    "utf8": N_("UTF-8 (locale {locale})"),
    "not-utf8": N_("the locale {locale} says {encoding}, not UTF-8"),
    "snmpv3": N_("available"),
    "no-snmpv3": N_("the package cryptography is missing"),
    "sqlite": N_("{version} ({package}), without the WAL-reset bug"),
    "sqlite-unsafe": "{sentence}",
    "no-terminal": N_("none here: nothing to check in a script"),
    "size": "{columns}x{rows}",
    "size-small": N_("{columns}x{rows}: everything works, some columns are left out below 80x24"),
    "size-too-small": N_("{columns}x{rows} is smaller than 60x20"),
    "term": N_("TERM is {term}"),
    "term-bare": N_("TERM is {term}: the cursor cannot be moved"),
    "term-console": N_("TERM is {term}: the machine's own console draws no Chinese"),
    "colours-all": N_("16 million"),
    "colours-256": "256",
    "colours-few": N_("16 or fewer; every state has a sign and a word too"),
    "no-colour": N_("switched off by NO_COLOR"),
    "width-narrow": N_("one cell, as borders need it"),
    "width-wide": N_("{cells} cells: borders and columns break"),
    "width-unknown": N_("the terminal did not say"),
    "width-outside": N_("asked outside of the screens: dutyroom doctor"),
    "tmux": N_("tmux {version} passes UTF-8 on"),
    "tmux-no-utf8": N_("tmux {version} does not pass UTF-8 on: Chinese becomes underscores"),
    "tmux-silent": N_("tmux did not say"),
    "site": N_("{path}: {ups} UPSes, {network} network devices, {servers} servers"),
    "site-none": N_("there is none"),
    "site-broken": "{sentence}",
    "site-warning": "{sentence}",
    "writable": N_("others can write {path} (mode {mode})"),
    "no-secrets": N_("none is named"),
    "secrets": N_("{count}, readable by their owner alone"),
    "secret-missing": N_("{path} cannot be read ({reason})"),
    "secret-open": N_("others can read {path} (mode {mode})"),
    "other-owner": N_("{path} belongs to {owner}, this is {account}"),
    "store": N_("{path}: opens, WAL, every commit synced"),
    "store-none": N_("{path} is not there yet"),
    "store-broken": "{sentence}",
    "log-large": N_("{bytes} wait in the log: some program reads without end"),
    "open": N_("others can read {path} (mode {mode})"),
    "owner-only": N_("for their owner alone"),
    "space-store": N_("{bytes} free at the records ({path})"),
    "space-backup": N_("{bytes} free at the backups ({path})"),
    "space-second": N_("{bytes} free in the second place ({path})"),
    "space-unknown": N_("{path} does not tell how much is free"),
    "place-missing": N_("the second place {path} is not there"),
    "ledger": N_("intact: {lines} lines, {rows} records agree"),
    "ledger-broken": N_("{faults} places where records and ledger disagree"),
    "clock": N_("after the newest record ({age_s} ago)"),
    "clock-free": N_("no record yet to hold it against"),
    "clock-behind": N_("{behind_s} before the newest record: it was set back, or was ahead"),
    "backup": N_("made {age_s} ago and read back"),
    "backup-old": N_("the last good one was made {age_s} ago"),
    "backup-none": N_("there is none yet"),
    "backup-failed": N_("the last try failed: {trouble}"),
    "second": N_("{path} has a copy of the newest"),
    "second-none": N_("none is named: one broken disk takes records and backups"),
    "second-behind": N_("{path} has no copy of the newest"),
    "watch": N_("{holder}, last sign of life {age_s} ago"),
    "watch-none": N_("nobody watches, and nobody ever did"),
    "watch-ended": N_("nobody watches; the last sign of life was {age_s} ago"),
    "watch-begins": N_("just begins"),
    "watch-silent": N_("{holder} holds the room and has been silent for {age_s}"),
    "watch-other-site": N_("{holder} runs with another site file than this one"),
    "no-systemd": N_("no systemd here"),
    "systemd-silent": N_("systemd did not answer"),
    "unit": N_("{unit} runs, also after a restart"),
    "unit-none": N_("{unit} is not installed: the room is watched only while a screen is open"),
    "unit-down": N_("{unit} is installed but {state}"),
    "unit-not-enabled": N_("{unit} runs, but not after a restart of the machine"),
    "source": N_("answers in {took_s} s"),
    "source-partial": N_("answers in part: {detail}"),
    "source-never": "{detail}",
    "source-fails": "{state}: {detail}",
    "no-backup-file": N_("no file matches {pattern}"),
    "sources-none": N_("the site file names none"),
    "sources-broken": "{sentence}",
    "too-slow": N_("no result within {seconds} s"),
    "failed": N_("could not be checked: {sentence}"),
}
_FIXES = {
    "python": N_("install a newer Python and dutyroom with it"),
    "utf8": N_("export LANG=C.UTF-8 (or zh_CN.UTF-8) before dutyroom, in ~/.profile for good"),
    "snmpv3": "pip install cryptography",
    "sqlite": "pip install 'pysqlite3>=0.6.1'",
    "size": N_("make the window larger or its letters smaller; 80x24 shows everything"),
    "term": N_("use a real terminal; over ssh with -t"),
    "console": N_("come by ssh from a desktop, or use --lang en"),
    "width": N_(
        'switch off "treat ambiguous characters as wide" in the terminal (PuTTY: Window, Translation; '
        "mintty: Text; GNOME Terminal: Compatibility)"
    ),
    "width-unknown": N_("if borders are broken on the right: set ambiguous characters to narrow in the terminal"),
    "tmux": N_("leave with ctrl+b d and come back with: tmux -u attach"),
    "tmux-silent": N_("run it in the tmux window itself"),
    "site-none": N_("dutyroom init sets a room up; dutyroom demo shows a simulated one"),
    "site-file": N_("correct it, then: dutyroom config check"),
    "chmod": "chmod 600 {path}",
    "chmod-write": "chmod go-w {path}",
    "secret-missing": N_("write the secret there on one line, chmod 600; or dutyroom init asks for it"),
    "owner": N_("use one account for the watch and the screens, or: chown {account} {path}"),
    "store": N_("dutyroom restore BACKUP, after a copy of the damaged file was kept"),
    "store-none": N_("start dutyroom or dutyroom collect: it is made then"),
    "log-large": N_("end programs that hold the database open (sqlite3, a backup tool)"),
    "space": N_("free space: old exports and pictures first; never delete the database or its -wal"),
    "place": N_("mount it and make the folder, or name another second_folder in the site file"),
    "ledger": N_("dutyroom verify names them; keep a copy of the file before anything else"),
    "clock": N_("set the clock right (timedatectl set-ntp true); a round cannot be trusted before"),
    "backup": N_("dutyroom backup makes one now; the watch makes one every day"),
    "backup-failed": N_("correct what it says, then: dutyroom backup"),
    "second": N_("second_folder in [store] of the site file: a folder on another disk or machine"),
    "watch": N_("start dutyroom, or dutyroom collect as a service"),
    "watch-begins": N_("repeat in a few seconds"),
    "watch-silent": N_("look at its messages (journalctl -u dutyroom-collect), then end that process"),
    "watch-restart": N_("start it anew: systemctl restart dutyroom-collect, or close and open the screens"),
    "systemd-silent": "systemctl status dutyroom-collect",
    "unit": N_("dutyroom config unit prints it with what to do"),
    "unit-start": N_("systemctl start {unit}; why it ended: journalctl -u {unit}"),
    "unit-enable": "systemctl enable {unit}",
    "source": N_("the device answers some tables only: see its SNMP view"),
    "source-unreachable": N_("is it on, is the address right, does its program (upsd, snmpd) listen there?"),
    "source-timeout": N_("wrong community, an access list, a firewall (UDP 161, TCP 3493), or switched off"),
    "source-auth": N_("correct user, protocols and passwords: dutyroom init asks and tries them"),
    "source-denied": N_("allow this machine on the NUT server"),
    "source-unknown-name": N_("correct ups = in the site file; upsc -l HOST lists the names"),
    "source-stale": N_("the driver is silent: look at cable and driver (upsdrvctl) on the NUT server"),
    "source-no-driver": N_("start the driver on the NUT server: upsdrvctl start"),
    "source-wait": N_("the driver just begins: repeat in a few seconds"),
    "source-protocol": N_("is that the right port? The answer is not what the protocol says"),
    "check-fails": N_("is it on, does its service run, is check in the site file right?"),
    "no-backup-file": N_("did the backup run, and is path in the site file right?"),
    "backup-folder": N_("mount its disk, let this account read it, look at path in the site file"),
    "ping-denied": "sysctl -w net.ipv4.ping_group_range='0 2147483647'",
    "sources-none": N_("dutyroom init finds UPSes and tries devices"),
    "too-slow": N_("look at the disk, the network or the name server it waits for, then repeat"),
    "failed": N_("repeat; if it stays so, report it with this line"),
}
_SPANS, _BYTES = ("age_s", "behind_s"), ("bytes",)


def group(value: Group) -> str:
    """The heading of a group."""
    return _(_GROUPS[value])


def title(check: Check) -> str:
    """What was looked at; for a source its name."""
    if check.group is Group.SOURCES and check.subject:
        return inert(check.subject, 60)
    return _(_TITLES.get(check.code, check.code))


def told(check: Check) -> str:
    """What was found, as a clause."""
    words = {key: _shown(key, value) for key, value in check.params}
    sentence = _(_TOLD[check.told]).format(**words)
    return inert(sentence.rstrip(": "), 400)


def advice(check: Check) -> str:
    """What to do, or nothing."""
    if not check.fix:
        return ""
    return inert(_(_FIXES[check.fix]).format(**dict(check.params)), 400)


def _shown(key: str, value: str) -> str:
    if key in _SPANS:
        return show.duration(float(value))
    if key in _BYTES:
        return _size(int(value))
    if key == "state" and value in set(State):
        return show.state(State(value))
    if key == "trouble":
        return backup_words.trouble(value)
    return value


def _size(count: int) -> str:
    """Bytes in the units disks are sold in: the limits are 500 MB and 50 MB."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


CODES = {"titles": _TITLES, "told": _TOLD, "fixes": _FIXES}
"""Every code that has words; the tests hold the checks against it."""
