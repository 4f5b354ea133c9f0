"""A TOML text held against a pydantic form: what is wrong becomes one sentence naming the key and the way out.

Shared by the site file and the checklist files. No sentence ever repeats a value that pydantic refused, so that a
secret in the wrong place does not reach a log; the validators of a form decide for themselves what may be repeated.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from dutyroom.inert import inert
from dutyroom.words import _

Loc = tuple[int | str, ...]
FormT = TypeVar("FormT", bound="Form")


class FormError(ValueError):
    """One sentence for a person; the caller puts the file's name before it. `loc` is where, when a key is wrong."""

    def __init__(self, sentence: str, loc: Loc = ()) -> None:
        super().__init__(sentence)
        self.loc = loc


class Form(BaseModel):
    """Base of every form: frozen, unknown keys refused, no conversion between types, input never in an error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        populate_by_name=False,
        protected_namespaces=(),
    )


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML 1.0 text. Raises FormError with line and column."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise FormError(_("not valid TOML: {reason}").format(reason=inert(str(error), 200))) from None
    except (ValueError, RecursionError):
        # A number of thousands of digits, or brackets nested thousands deep.
        raise FormError(_("not valid TOML: a number is too long or brackets are nested too deep")) from None


def fill(form: type[FormT], table: dict[str, Any]) -> FormT:
    """The form filled from the table. Raises FormError for the first thing wrong, misspelt keys first."""
    try:
        return form.model_validate(table)
    except ValidationError as failure:
        errors = failure.errors(include_input=False, include_url=False)
        errors.sort(key=lambda error: error["type"] != "extra_forbidden")
        raise FormError(_sentence(form, errors[0]), errors[0]["loc"]) from None


def place(loc: Loc) -> str:
    """Where a key stands, as a person finds it: `[[ups]] #1 port`, `[site] name`, `language`."""
    parts = [part for part in loc if part != "[key]"]
    if not parts:
        return _("the file")
    first, rest = str(parts[0]), parts[1:]
    if rest and isinstance(rest[0], int):
        head, rest = f"[[{first}]] #{rest[0] + 1}", rest[1:]
    elif rest:
        head = f"[{first}]"
    else:
        head = first
    tail = "".join(f" #{part + 1}" if isinstance(part, int) else f".{part}" for part in rest)
    return inert(f"{head} {tail.lstrip('.')}".strip(), 120)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word nearest to a misspelt one, or an empty text."""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold()[:80], by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else ""


def with_guess(sentence: str, word: str, known: Iterable[str], *, listing: bool = True) -> str:
    """The sentence with the nearest known word added, or else (when `listing`) with the list of known words."""
    names = list(known)
    guess = did_you_mean(word, names)
    if guess:
        return _("{sentence}; did you mean {guess}?").format(sentence=sentence, guess=guess)
    if not names or not listing:
        return sentence
    return _("{sentence}; known are {names}").format(sentence=sentence, names=", ".join(names))


def keys_of(form: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys a form knows, as written in the file."""
    return {field.alias or name: field for name, field in form.model_fields.items()}


def _inner_form(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner_form(part)) is not None), None)


def _form_at(form: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    here: type[BaseModel] | None = form
    for part in loc:
        if isinstance(part, int) or here is None:
            continue
        field = keys_of(here).get(part)
        here = _inner_form(field.annotation) if field is not None else None
    return here


def _elsewhere(form: type[BaseModel], key: str) -> str:
    """The section of the whole form that knows this key, or an empty text."""
    for section, field in keys_of(form).items():
        inner = _inner_form(field.annotation)
        if inner is not None and key in keys_of(inner):
            return _section(section, field)
    return ""


def _section(key: str, field: FieldInfo) -> str:
    return f"[[{key}]]" if get_origin(field.annotation) is list else f"[{key}]"


def _unknown_key(form: type[BaseModel], loc: Loc) -> str:
    key = str(loc[-1])
    sentence = _("{place} is not a known key").format(place=place(loc))
    here = _form_at(form, loc[:-1])
    known = list(keys_of(here)) if here is not None else []
    home = _elsewhere(form, key)
    # A key of a section that stands outside of it is not the misspelt name of another section.
    plain = [name for name in known if here is not None and _inner_form(keys_of(here)[name].annotation) is None]
    if home and not did_you_mean(key, plain):
        return _("{sentence}; it belongs in {section}").format(sentence=sentence, section=home)
    return with_guess(sentence, key, known)


def _missing_key(form: type[BaseModel], loc: Loc) -> str:
    here = _form_at(form, loc[:-1])
    key = str(loc[-1])
    field = keys_of(here).get(key) if here is not None else None
    if field is not None and field.examples:
        return _("{place} is missing; add a line such as {key} = {example}").format(
            place=place(loc), key=key, example=field.examples[0]
        )
    if field is not None and _inner_form(field.annotation) is not None:
        return _("{place} is missing; add this section").format(
            place=_section(key, field) if len(loc) == 1 else place(loc)
        )
    return _("{place} is missing; add it").format(place=place(loc))


def _what_is_wrong(error: ErrorDetails) -> str:
    """The second half of the sentence, by pydantic's type of error."""
    context = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(context.get("error", ""))
        case "string_type":
            return _("must be a text in quotes")
        case "int_type" | "int_from_float":
            return _("must be a whole number")
        case "float_type" | "finite_number":
            return _("must be a number")
        case "bool_type":
            return _("must be true or false, without quotes")
        case "date_type":
            return _("must be a date without quotes, such as 2024-05-01")
        case "greater_than_equal":
            return _("must be {limit} or more").format(limit=context.get("ge"))
        case "greater_than":
            return _("must be more than {limit}").format(limit=context.get("gt"))
        case "less_than_equal":
            return _("must be {limit} or less").format(limit=context.get("le"))
        case "too_short":
            return _("must not be empty")
        case "too_long":
            return _("has too many entries; at most {limit} are allowed").format(limit=context.get("max_length"))
        case _:
            return re.sub(r"^Value", "value", error["msg"])


def _sentence(form: type[BaseModel], error: ErrorDetails) -> str:
    loc = error["loc"]
    match error["type"]:
        case "extra_forbidden":
            return _unknown_key(form, loc)
        case "missing":
            return _missing_key(form, loc)
        case "list_type" if len(loc) == 1 and _form_at(form, loc) is not None:
            return _("{key} is a list of devices or people: write [[{key}]] in double brackets").format(key=loc[0])
        case "list_type":
            return _("{place} must be a list in square brackets").format(place=place(loc))
        case "model_type" | "dict_type" | "model_attributes_type" if len(loc) == 1:
            return _("{key} is a section: write [{key}] in single brackets, its keys below it").format(key=loc[0])
        case "model_type" | "dict_type" | "model_attributes_type":
            return _("{place} must be a table, such as {{ key = value }}").format(place=place(loc))
        case _:
            return f"{place(loc)}: {_what_is_wrong(error)}"
