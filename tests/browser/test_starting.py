"""A new case's form at the kasubbag's desk: what is typed stays, over a cut line as well."""

from collections.abc import Callable

from playwright.sync_api import expect

from engine.db import EVERYWHERE
from tests import questionnaire
from tests.browser.officer import Officer
from tests.browser.server import Site
from tests.browser.watch import Watch


def test_what_is_typed_into_a_start_form_stays_and_goes_with_its_case(
    site: Site, officer: Callable[..., Officer], watch: Watch
) -> None:
    with site.database.transaction(EVERYWHERE) as session:
        sop = questionnaire.publish(session, site.clock()).id
    watch.line_is_cut = True
    kasubbag = officer("kasubbag.gambut")
    unit = kasubbag.page.get_by_label("Unit", exact=True)
    kasubbag.opens(f"/cases/new?sop={sop}")
    unit.fill("Kasi PMD")
    kasubbag.reads("Tersimpan sementara")
    kasubbag.context.set_offline(True)
    unit.fill("Kasi Tapem")
    kasubbag.reads("Jaringan terputus: isian tersimpan di perangkat ini, dan dicoba lagi.")
    kasubbag.context.set_offline(False)
    kasubbag.opens(f"/cases/new?sop={sop}")
    expect(unit).to_have_value("Kasi Tapem")
    kasubbag.page.get_by_role("radio", name="II", exact=True).check()
    kasubbag.presses("Mulai")
    kasubbag.heads("Data kinerja Kasi Tapem triwulan II 2026")
    kasubbag.opens(f"/cases/new?sop={sop}")
    expect(unit).to_have_value("")
