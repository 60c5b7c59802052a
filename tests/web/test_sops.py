"""Twin of web/sops.py: the list, the page as on paper, and a designer's way to a revision."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from bpmn import library, reader
from tests.web.conftest import Office, Visitor, seen

Comes = Callable[[str], Visitor]

SLUG = "pengumpulan-dan-pengukuran-data-kinerja"
PAGE = f"/sops/gambut/{SLUG}"
GAMBUT = library.load(f"gambut/{SLUG}")


def edited(old: str = "PT10M", new: str = "PT20M") -> bytes:
    text = GAMBUT.decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def uploads(who: Visitor, xml: bytes, filename: str = "sop.bpmn", path: str = PAGE) -> TestResponse:
    return who.sends(f"{path}/draft", file=(BytesIO(xml), filename))  # type: ignore[arg-type]


def uploads_much(who: Visitor, size: int) -> TestResponse:
    """A large file, in a body made by hand: the test client leaves large files of its own open."""
    with who.client.session_transaction() as session:
        secret = bytes.fromhex(session["csrf"])
    token = urlsafe_b64encode(bytes(len(secret)) + secret)
    body = (
        b'--alur\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token + b"\r\n"
        b'--alur\r\nContent-Disposition: form-data; name="file"; filename="besar.bpmn"\r\n\r\n'
        b"<a>" + b" " * size + b"\r\n--alur--\r\n"
    )
    kind = "multipart/form-data; boundary=alur"
    return who.client.post(f"{PAGE}/draft", data=body, content_type=kind)


def publishes(who: Visitor, over: int, path: str = PAGE) -> TestResponse:
    return who.sends(f"{path}/revisions", over=str(over))


# --- the list --------------------------------------------------------------------------------


def test_the_list_says_how_many_and_groups_them_by_office(visitor: Comes) -> None:
    page = seen(visitor("pengawas.banjar").opens("/sops"))
    assert "4 SOP" in page
    assert page.index("Kecamatan Gambut") < page.index("Kecamatan Martapura Barat")
    assert "Sumbang" not in page


def test_who_sees_one_office_reads_no_office_headings(visitor: Comes) -> None:
    page = seen(visitor("staf.gambut").opens("/sops"))
    assert "1 SOP" in page
    assert "Kecamatan Gambut" not in page


def test_a_search_finds_by_name_number_or_office(visitor: Comes) -> None:
    admin = visitor("admin")
    assert "1 SOP" in seen(admin.opens("/sops?search=094"))
    assert "3 SOP" in seen(admin.opens("/sops?search=martapura"))
    assert "Tidak ada SOP yang cocok." in seen(admin.opens("/sops?search=perizinan"))


# --- as on paper -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", library.names())
def test_the_page_says_all_that_the_paper_says(name: str, visitor: Comes) -> None:
    sop = reader.read(library.load(name))
    page = " ".join(unescape(seen(visitor("admin").opens(f"/sops/{name}"))).split())
    header = sop.header
    lists = (
        *header.dasar_hukum,
        *header.kualifikasi_pelaksana,
        *header.keterkaitan,
        *header.peralatan_perlengkapan,
        *header.peringatan,
        *header.pencatatan_pendataan,
        *header.identifikasi_resiko,
    )
    said = [header.nomor, header.nama, header.disahkan_oleh.nip, *(each.teks for each in lists)]
    for step in sop.steps:
        mutu = step.mutu_baku
        said += [step.kegiatan, mutu.kelengkapan, mutu.output, mutu.waktu_teks]
        said += [step.penanggung_jawab]
    for question in sop.temuan:
        said += [question.tanya, question.temuan]
    for bagian in header.pedoman.bagian if header.pedoman else ():
        said += [bagian.judul, *(each.teks for each in bagian.butir)]
    missing = [text for text in said if text and " ".join(text.split()) not in page]
    assert missing == []


@pytest.mark.parametrize("name", library.names())
def test_no_page_needs_a_style_that_the_policy_forbids(name: str, visitor: Comes) -> None:
    assert " style=" not in visitor("admin").opens(f"/sops/{name}").text


def test_a_row_tells_listeners_who_does_what(visitor: Comes) -> None:
    page = seen(visitor("staf.gambut").opens(PAGE))
    assert "Setuju → langkah 5" in page
    assert "Tidak setuju → langkah 3" in page
    assert "memutuskan" in page


def test_a_table_that_is_all_proposed_says_so(visitor: Comes) -> None:
    path = "/sops/bukit-batu/pengumpulan-data-kinerja"
    page = seen(visitor("camat.bukit-batu").opens(path))
    assert "Seluruh tabel ini usulan" in page
    assert "Seluruh tabel ini usulan" not in seen(visitor("staf.gambut").opens(PAGE))


def test_only_who_may_start_is_shown_the_way_to_a_case(visitor: Comes) -> None:
    link = "/cases/new?sop="
    starter = visitor("kasubbag.gambut")
    page = starter.opens(PAGE).text
    assert link in page
    assert link not in visitor("staf.gambut").opens(PAGE).text
    address = link + page.split(link)[1].split('"')[0]
    assert "Pengumpulan dan Pengukuran" in seen(starter.opens(address))


def test_running_cases_are_counted_and_listed(visitor: Comes, office: Office) -> None:
    office.starts("Triwulan I")
    camat = visitor("camat.gambut")
    page = camat.opens(PAGE)
    assert "1 berkas berjalan" in seen(page)
    address = unescape(page.text.split('href="/cases?')[1].split('"')[0])
    assert "Hanya berkas SOP" in seen(camat.opens(f"/cases?{address}"))
    assert "Triwulan I" in seen(camat.opens(f"/cases?{address}"))


@pytest.mark.parametrize("sop", ["999", "x", "9" * 30])
def test_a_filter_for_an_sop_that_is_not_there_filters_nothing(
    sop: str, visitor: Comes, office: Office
) -> None:
    office.starts("Triwulan I")
    assert "Triwulan I" in seen(visitor("camat.gambut").opens(f"/cases?sop={sop}"))


def test_another_office_s_sop_hides_no_case_of_ours(visitor: Comes, office: Office) -> None:
    office.starts("Triwulan I")
    answer = visitor("camat.sumbang").opens("/cases?sop=2")
    assert answer.status_code == 200
    assert "Gambut" not in seen(answer)


def test_the_file_comes_down_as_it_was_published(visitor: Comes) -> None:
    answer = visitor("perancang.gambut").opens(f"{PAGE}/revisions/1.bpmn")
    assert answer.data == GAMBUT
    assert "attachment" in answer.headers["Content-Disposition"]
    assert visitor("perancang.gambut").opens(f"{PAGE}/revisions/2.bpmn").status_code == 404


def test_the_page_s_script_gets_the_diagram_and_asks_again_cheaply(visitor: Comes) -> None:
    camat = visitor("camat.gambut")
    answer = camat.opens(f"{PAGE}/diagram")
    assert answer.data == GAMBUT
    again = camat.opens(f"{PAGE}/diagram", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


# --- its open questions ------------------------------------------------------------------------


def the_first_question(who: Visitor) -> str:
    page = who.opens(PAGE).text
    return page.split('name="question" value="')[1].split('"')[0]


def replies(who: Visitor, text: str, number: int = 0) -> TestResponse:
    asked = the_first_question(who)
    return who.sends(f"{PAGE}/replies", question=asked, number=str(number), reply=text)


def test_an_answered_question_is_no_longer_shown_as_open(visitor: Comes) -> None:
    camat = visitor("camat.gambut")
    assert "9 pertanyaan terbuka" in seen(camat.opens(PAGE))
    asked = the_first_question(camat)
    answer = replies(camat, "Sekretaris Camat.")
    assert answer.location == f"{PAGE}#pertanyaan-{asked[:12]}"
    page = seen(visitor("staf.gambut").opens(PAGE))
    assert "8 pertanyaan terbuka" in page
    told = page.split("Pertanyaan yang sudah dijawab")[1]
    assert "Siapa yang memverifikasi pada langkah 3" in told
    assert "Sekretaris Camat. Rahmadi Syahputra, Camat · hari ini 09.00 WITA" in told
    assert "Jawab" not in told.split("Revisi")[0].replace("Jawaban", "")


def test_an_empty_answer_is_said_beside_its_field_and_a_long_one_is_not_lost(
    visitor: Comes,
) -> None:
    camat = visitor("camat.gambut")
    answer = replies(camat, " ")
    assert answer.status_code == 422
    assert seen(answer).count("Tulis jawabannya (paling banyak 2000 huruf).") == 2
    assert f'id="jawaban-{the_first_question(camat)[:12]}-salah"' in answer.text
    assert "a" * 2_500 in replies(camat, "a" * 2_500).text


def test_the_second_of_two_leaders_reads_the_first_before_answering(visitor: Comes) -> None:
    camat, sekcam = visitor("camat.gambut"), visitor("sekcam.gambut")
    asked = the_first_question(camat)
    replies(camat, "Sekretaris Camat.")
    fields = {"question": asked, "number": "0", "reply": "Saya sendiri."}
    late = sekcam.sends(f"{PAGE}/replies", **fields)
    assert late.status_code == 409
    assert "Rahmadi Syahputra baru saja menjawab" in seen(late)
    assert "Saya sendiri." in late.text
    assert 'name="number" value="1"' in late.text
    assert sekcam.sends(f"{PAGE}/replies", **{**fields, "number": "1"}).status_code == 303
    assert "1 jawaban sebelumnya" in seen(camat.opens(PAGE))


def test_an_answer_typed_in_a_session_that_ended_waits_on_the_page(visitor: Comes) -> None:
    camat = visitor("camat.gambut")
    asked = the_first_question(camat)
    fields = {"question": asked, "number": "0", "reply": "Sekretaris Camat."}
    stale = camat.client.post(f"{PAGE}/replies", data=fields)
    assert stale.status_code == 403
    page = camat.opens(PAGE)
    assert "Isian Anda yang belum terkirim ada di bawah." in seen(page)
    assert "Sekretaris Camat.</textarea>" in page.text
    replies(camat, "Sekretaris Camat.")
    assert "Isian Anda yang belum terkirim" not in seen(camat.opens(PAGE))


def test_the_designer_is_led_to_the_answers(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    assert "sudah dijawab" not in seen(designer.opens(f"{PAGE}/draft"))
    replies(visitor("camat.gambut"), "Sekretaris Camat.")
    assert "1 pertanyaan sudah dijawab pemilik SOP" in seen(designer.opens(f"{PAGE}/draft"))


# --- the designer ----------------------------------------------------------------------------


def test_a_designer_goes_from_a_file_to_a_revision(visitor: Comes, office: Office) -> None:
    office.starts("Triwulan I")
    designer = visitor("perancang.gambut")
    sent = uploads(designer, edited())
    assert (sent.status_code, sent.location) == (303, f"{PAGE}/draft")
    check = seen(designer.opens(f"{PAGE}/draft"))
    assert "Tidak ada kesalahan" in check
    assert "Waktu 10 menit 20 menit" in check
    assert "1 berkas pada revisi 1" in check
    assert "Semuanya tetap pada revisinya" in check
    assert publishes(designer, over=1).location == PAGE
    page = seen(designer.opens(PAGE))
    assert "Revisi 2 berlaku untuk berkas yang dimulai sejak sekarang." in page
    assert "20 menit (10 menit)" in page
    assert designer.opens(f"{PAGE}/draft/diagram").status_code == 404


def test_nothing_is_in_force_before_it_is_published(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    uploads(designer, edited())
    assert designer.opens(f"{PAGE}/draft/diagram").data == edited()
    assert designer.opens(f"{PAGE}/diagram").data == GAMBUT


def test_errors_stand_first_each_with_its_element_and_forbid_publishing(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    uploads(designer, edited("PT10M", "P1Y"))
    answer = designer.opens(f"{PAGE}/draft")
    assert "1 kesalahan harus diperbaiki" in seen(answer)
    assert answer.text.index("grade-error") < answer.text.index("grade-warning")
    assert 'data-look-at="Lewat_1"' in answer.text
    assert "/revisions" not in answer.text.split('action="')[1]
    refused = publishes(designer, over=1)
    assert refused.status_code == 422
    assert "belum dapat diterbitkan" in seen(refused)


def test_a_role_that_the_office_does_not_have_is_an_error(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    uploads(designer, edited('sop:jabatan="camat"', 'sop:jabatan="bupati"'))
    assert "“bupati”" in seen(designer.opens(f"{PAGE}/draft"))


def test_the_second_of_two_designers_sees_what_the_first_did(visitor: Comes) -> None:
    first, second = visitor("perancang.gambut"), visitor("perancang.gambut")
    uploads(first, edited())
    publishes(first, over=1)
    uploads(second, edited("PT10M", "PT30M"))
    late = publishes(second, over=1)
    assert late.status_code == 409
    page = seen(late)
    assert "Revisi 2 sudah diterbitkan lebih dahulu" in page
    assert "Waktu 20 menit 30 menit" in page
    assert "Revisi 3" not in seen(second.opens(PAGE))
    assert publishes(second, over=2).location == PAGE


@pytest.mark.parametrize("over", ["", "x", "-1", "9" * 40])
def test_publishing_over_nothing_known_stores_nothing(over: str, visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    uploads(designer, edited())
    assert designer.sends(f"{PAGE}/revisions", over=over).status_code == 409
    assert "Revisi 2" not in seen(designer.opens(PAGE))


def test_the_same_content_is_said_to_be_the_same(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    uploads(designer, GAMBUT.replace(b"\n", b"\r\n "))
    page = designer.opens(f"{PAGE}/draft")
    assert "sama dengan revisi 1 yang berlaku" in seen(page)
    assert f'action="{PAGE}/revisions"' not in page.text
    assert publishes(designer, over=1).status_code == 422


def test_a_redrawn_diagram_says_the_same_and_may_be_published(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    uploads(designer, edited('<dc:Bounds x="', '<dc:Bounds x="1'))
    assert "hanya gambarnya yang berbeda" in seen(designer.opens(f"{PAGE}/draft"))
    assert publishes(designer, over=1).status_code == 303


@pytest.mark.parametrize(
    ("filename", "content", "sentence"),
    [
        ("", b"", "Pilih berkas .bpmn yang akan diunggah."),
        ("kosong.bpmn", b"", "Berkas ini kosong."),
        ("foto.png", b"\x89PNG\r\n\x1a\n\0\0", "“foto.png” bukan diagram BPMN."),
        ("surat.txt", b"Dengan hormat", "bukan XML yang sah"),
    ],
)
def test_a_file_that_is_no_diagram_is_refused_by_the_field(
    filename: str, content: bytes, sentence: str, visitor: Comes
) -> None:
    answer = uploads(visitor("perancang.gambut"), content, filename)
    assert answer.status_code == 422
    assert sentence in seen(answer)
    assert 'aria-describedby="file-salah' in answer.text


def test_a_file_that_is_too_large_is_refused_by_the_field(visitor: Comes) -> None:
    answer = uploads_much(visitor("perancang.gambut"), 2_200_000)
    assert answer.status_code == 422
    assert "terlalu besar" in seen(answer)
    assert 'aria-describedby="file-salah' in answer.text


def test_a_form_larger_than_anything_sensible_is_not_read(visitor: Comes) -> None:
    assert uploads_much(visitor("perancang.gambut"), 9_000_000).status_code == 413


def test_what_a_diagram_says_is_text_on_our_page(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    evil = "&lt;img src=x onerror=alert(1)&gt; %(x)s {{ 7 * 7 }}"
    uploads(designer, edited("Memverifikasi surat permintaan data kinerja", evil))
    answer = designer.opens(f"{PAGE}/draft")
    assert answer.status_code == 200
    assert "<img src=x" not in answer.text
    assert "{{ 7 * 7 }}" in seen(answer)


def test_an_upload_that_is_not_wanted_is_discarded(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    uploads(designer, edited())
    assert designer.sends(f"{PAGE}/draft/discard").location == PAGE
    assert "Unggah dan periksa" in seen(designer.opens(f"{PAGE}/draft"))


# --- a new SOP -------------------------------------------------------------------------------


def adds(who: Visitor, xml: bytes, **fields: str) -> TestResponse:
    return who.sends("/sops", file=(BytesIO(xml), "baru.bpmn"), **fields)  # type: ignore[arg-type]


def test_a_new_sop_is_published_from_its_first_file(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    sent = adds(designer, GAMBUT, slug="surat-keluar")
    assert sent.location == "/sops/gambut/surat-keluar/draft"
    assert "belum ada" in seen(designer.opens(sent.location))
    assert designer.opens("/sops/gambut/surat-keluar").status_code == 404
    assert publishes(designer, over=0, path="/sops/gambut/surat-keluar").status_code == 303
    assert "Revisi 1" in seen(designer.opens("/sops/gambut/surat-keluar"))


def test_an_address_is_taken_from_the_name_when_none_is_given(visitor: Comes) -> None:
    text = GAMBUT.decode().replace("Pengumpulan dan Pengukuran Data Kinerja", "Surat Keluar")
    sent = adds(visitor("perancang.gambut"), text.encode())
    assert sent.location == "/sops/gambut/surat-keluar/draft"


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        (SLUG, "sudah dipakai SOP lain"),
        ("Surat Keluar", "hanya huruf kecil, angka dan tanda hubung"),
        ("../../etc", "hanya huruf kecil"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_by_the_field(
    slug: str, sentence: str, visitor: Comes
) -> None:
    answer = adds(visitor("perancang.gambut"), GAMBUT, slug=slug)
    assert answer.status_code == 422
    assert sentence in seen(answer)
    assert 'aria-describedby="slug-salah' in answer.text


def test_another_office_s_designer_cannot_add_here(visitor: Comes) -> None:
    answer = adds(visitor("perancang.sumbang"), GAMBUT, office="gambut", slug="x")
    assert answer.status_code == 422
    assert "Pilih kantor pemilik SOP ini." in seen(answer)


def test_a_discarded_new_sop_leads_back_to_the_list(visitor: Comes) -> None:
    designer = visitor("perancang.gambut")
    adds(designer, GAMBUT, slug="surat-keluar")
    assert designer.sends("/sops/gambut/surat-keluar/draft/discard").location == "/sops"
    assert designer.opens("/sops/gambut/surat-keluar/draft").status_code == 404
