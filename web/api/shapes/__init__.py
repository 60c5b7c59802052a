"""The shapes of what the API takes and gives: the code, the checks and the description are one."""

from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec
from msgspec import Meta

from bpmn.errors import N_

T = TypeVar("T")


class Shape(msgspec.Struct, kw_only=True):
    """Something the API gives."""


class Asked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Something the API takes: a field it does not know is a mistake, not a wish."""


class Listed(Shape, Generic[T], kw_only=True):
    """One page of a list."""

    items: list[T]
    next: Annotated[
        str | None, Meta(description=N_("Penanda halaman berikutnya; kosong pada yang terakhir."))
    ]
    count: Annotated[int, Meta(ge=0, description=N_("Banyaknya seluruh isi daftar."))]


# What a program fills in: names and values, as `formdata` keeps them.
Data = Annotated[dict[str, Any], Meta(extra_json_schema={"$ref": "#/components/schemas/Data"})]
# Text that says something: not only blanks.
SAYING: Final = r"^[^\x00]*\S[^\x00]*$"

After = Annotated[str, Meta(max_length=500, description=N_("Nilai next dari halaman sebelumnya."))]
Limit = Annotated[int, Meta(ge=1, le=200, description=N_("Banyaknya isi satu halaman."))]


class Nothing(Asked, kw_only=True):
    """An address that takes no words."""


class Paged(Asked, kw_only=True):
    """How every list is walked through."""

    after: After | None = None
    limit: Limit = 50
