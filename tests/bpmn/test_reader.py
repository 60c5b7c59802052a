"""The reader finds the SOP in whatever a modeller saves, and says no rather than guess."""

import pytest

from bpmn import library
from bpmn.arrows import Arrows
from bpmn.decisions import NamelessOutcome, UnclearOutcome
from bpmn.document import NoFirstStep, NotInSop
from bpmn.durations import Duration
from bpmn.errors import AlurError
from bpmn.lanes import NamelessLane, NoSuchLane, TwoLanes, slug
from bpmn.reader import (
    Header,
    NoProcess,
    NotAStep,
    SameId,
    SeveralProcesses,
    Sop,
    read,
)
from bpmn.steps import BadDeadline, NoId, TwoDeadlines, WrongCount
from bpmn.xml import BPMN, parse, tag

GAMBUT = "gambut/pengumpulan-dan-pengukuran-data-kinerja"
BUKIT_BATU = "bukit-batu/pengumpulan-data-kinerja"


def sop(inside: str, *, beside: str = "", process: str = '<process id="P" name="SOP Uji">') -> Sop:
    """A diagram as bare as can be: default namespace, no extensions, no `isExecutable`."""
    return read(
        f"""<definitions xmlns="{BPMN}" xmlns:sop="urn:alur:sop:1"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="uji">
        {beside}{process}{inside}</process></definitions>""".encode()
    )


def arrow(source: str, target: str, condition: str = "", name: str = "") -> str:
    when = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return (
        f'<sequenceFlow id="{source}_{target}" name="{name}" '
        f'sourceRef="{source}" targetRef="{target}">{when}</sequenceFlow>'
    )


def decided(*arrows: str) -> Sop:
    """Tulis, then Periksa with a decision: on to Arsipkan or back to Tulis."""
    return sop(
        '<startEvent id="mulai"/><userTask id="tulis" name="Tulis"/>'
        '<userTask id="periksa" name="Periksa"/><userTask id="arsip" name="Arsipkan"/>'
        '<exclusiveGateway id="g" name="Setuju?"/><endEvent id="selesai"/>'
        + arrow("mulai", "tulis")
        + arrow("tulis", "periksa")
        + arrow("periksa", "g")
        + "".join(arrows)
        + arrow("arsip", "selesai")
    )


def timed(timer: str, end: str = "<escalationEventDefinition/>", cancel: str = "false") -> Sop:
    """One step with a timer on its border."""
    return sop(
        '<userTask id="tulis" name="Tulis"/>'
        f'<boundaryEvent id="lewat" attachedToRef="tulis" cancelActivity="{cancel}">'
        f"<timerEventDefinition>{timer}</timerEventDefinition></boundaryEvent>"
        f'<endEvent id="naik">{end}</endEvent>' + arrow("lewat", "naik")
    )


class TestGambut:
    """The first SOP that Alur was made for."""

    gambut = read(library.load(GAMBUT))

    def test_the_header_is_the_identity_block_of_the_document(self) -> None:
        header = self.gambut.header
        assert header.nomor == "BANJAR.GBT.1.1.1 CFM 06.01"
        assert header.tanggal_pembuatan and header.tanggal_pembuatan.iso == "2025-06-23"
        assert header.tanggal_pengesahan is None
        assert header.disahkan_oleh.nip == "19801125 200012 1 003"
        assert [butir.nomor for butir in header.dasar_hukum] == list("123456")

    def test_a_heading_without_a_date_is_not_a_missing_heading(self) -> None:
        revised = self.gambut.header.tanggal_revisi
        assert revised is not None
        assert revised.iso is None

    def test_each_step_knows_its_lane_text_and_mutu_baku(self) -> None:
        step = self.gambut.step("Langkah_6")
        assert step.lane and step.lane.jabatan == "kasi-kasubbag"
        assert step.kegiatan == "Memenuhi permintaan data kinerja dan menyerahkan kepada Pelaksana"
        assert step.mutu_baku.waktu == Duration(weeks=1)
        assert step.mutu_baku.waktu_teks == "1 minggu"
        assert step.mutu_baku.timer == "Lewat_6"

    def test_the_camat_agrees_or_sends_the_letter_back(self) -> None:
        decision = self.gambut.step("Langkah_4").decision
        assert decision is not None
        assert [(each.value, each.target, each.back) for each in decision.outcomes] == [
            ("setuju", "Langkah_5", False),
            ("tidak", "Langkah_3", True),
        ]

    def test_a_finding_names_the_steps_it_is_about(self) -> None:
        finding = next(each for each in self.gambut.temuan if each.id == "G5")
        assert finding.elements == ("Langkah_6", "Langkah_7", "Langkah_8")

    def test_the_first_step_says_who_may_start_a_case(self) -> None:
        assert self.gambut.first_step.nomor == "1"
        assert self.gambut.first_step.lane == self.gambut.lane("Lajur_kasubbag_renkeua")

    def test_asking_for_what_is_not_there_is_answered_with_a_sentence(self) -> None:
        with pytest.raises(NotInSop, match="Langkah_99"):
            self.gambut.step("Langkah_99")
        with pytest.raises(NotInSop, match="Lajur_x"):
            self.gambut.lane("Lajur_x")


class TestBukitBatu:
    """Seven units fill in a form and are checked side by side."""

    bukit_batu = read(library.load(BUKIT_BATU))

    def test_the_steps_in_the_box_are_repeated_for_seven_posts(self) -> None:
        repeat = self.bukit_batu.step("Langkah_2").repeat
        assert repeat is not None
        assert repeat == self.bukit_batu.step("Langkah_3").repeat
        assert len(repeat.anggota) == 7
        assert repeat.anggota[-1].jabatan == "lurah-sungai-pakning"

    def test_the_check_leaves_the_lane_of_its_box(self) -> None:
        lanes = [self.bukit_batu.step(f"Langkah_{nomor}").lane for nomor in (2, 3)]
        assert [lane.jabatan for lane in lanes if lane] == [
            "kasi-kasubbag-lurah",
            "sekretaris-camat",
        ]

    def test_nobody_checks_what_he_filled_in_himself(self) -> None:
        assert self.bukit_batu.step("Langkah_3").bukan_pelaku == ("Langkah_2",)

    def test_an_answer_may_lead_out_of_the_box(self) -> None:
        decision = self.bukit_batu.step("Langkah_3").decision
        assert decision is not None
        assert [each.target for each in decision.outcomes] == ["Langkah_4", "Langkah_2"]

    def test_it_is_started_every_quarter(self) -> None:
        assert self.bukit_batu.pemicu is not None
        assert self.bukit_batu.pemicu.siklus == "R/P3M"


class TestWhatModellersSave:
    """No extensions, other habits."""

    def test_a_bare_diagram_is_an_sop_without_a_header(self) -> None:
        bare = sop('<userTask id="tulis" name="Tulis&#10;surat"/>')
        assert (bare.id, bare.name, bare.header) == ("P", "SOP Uji", Header())
        assert bare.steps[0].name == bare.steps[0].kegiatan == "Tulis surat"
        assert bare.steps[0].lane is None

    def test_white_space_around_a_reference_does_not_lose_the_lane(self) -> None:
        drawn = sop(
            '<laneSet><lane id="l" name="Kasi/ Kasubbag"><flowNodeRef>\n   tulis\n  </flowNodeRef>'
            '</lane></laneSet><userTask id="tulis"/>'
        )
        assert drawn.steps[0].lane == drawn.lanes[0]
        assert drawn.lanes[0].jabatan == "kasi-kasubbag"

    def test_the_innermost_lane_does_the_step(self) -> None:
        drawn = sop(
            '<laneSet><lane id="luar" name="Sekretariat"><flowNodeRef>a</flowNodeRef>'
            '<flowNodeRef>b</flowNodeRef><childLaneSet><lane id="dalam" name="Sekcam">'
            "<flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane></laneSet>"
            '<userTask id="a"/><userTask id="b"/>'
        )
        assert [step.lane and step.lane.id for step in drawn.steps] == ["dalam", "luar"]

    def test_a_lane_that_only_frames_others_is_no_pelaksana(self) -> None:
        drawn = sop(
            '<laneSet><lane id="luar"><childLaneSet><lane id="dalam" name="Sekcam">'
            "<flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane></laneSet>"
            '<userTask id="a"/>'
        )
        assert [lane.id for lane in drawn.lanes] == ["dalam"]

    def test_a_step_in_a_sub_process_shares_its_lane(self) -> None:
        drawn = sop(
            '<laneSet><lane id="l" name="Camat"><flowNodeRef>kotak</flowNodeRef></lane></laneSet>'
            '<subProcess id="kotak"><subProcess id="lagi"><userTask id="a"/></subProcess>'
            "</subProcess>"
        )
        assert drawn.steps[0].lane == drawn.lane("l")

    def test_the_lanes_of_a_sub_process_come_before_those_around_it(self) -> None:
        drawn = sop(
            '<laneSet><lane id="luar" name="Camat"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
            '<subProcess id="kotak"><laneSet><lane id="dalam" name="Staf">'
            '<flowNodeRef>a</flowNodeRef></lane></laneSet><userTask id="a"/></subProcess>'
        )
        assert drawn.steps[0].lane == drawn.lane("dalam")

    def test_an_empty_pool_does_not_matter_and_the_full_one_lends_its_name(self) -> None:
        drawn = sop(
            '<userTask id="a"/>',
            beside='<collaboration id="c"><participant id="warga" name="Warga"/>'
            '<participant id="kami" name="Layanan surat" processRef="P"/></collaboration>'
            '<process id="kosong"><laneSet/></process>',
            process='<process id="P">',
        )
        assert drawn.name == "Layanan surat"

    def test_without_numbers_steps_stand_as_the_arrows_meet_them(self) -> None:
        drawn = sop(
            '<startEvent id="mulai"/><userTask id="dua"/><callActivity id="panggil"/>'
            '<userTask id="satu"/><parallelGateway id="g"/>'
            + arrow("mulai", "satu")
            + arrow("satu", "g")
            + arrow("g", "panggil")
            + arrow("panggil", "dua")
        )
        assert [step.id for step in drawn.steps] == ["satu", "dua"]
        assert drawn.steps[0].next == ("dua",)
        assert drawn.first == "satu"

    def test_ten_comes_after_two(self) -> None:
        numbers = ("10", "2", "2a", "1")
        drawn = sop("".join(f'<userTask id="s{n}" sop:nomor="{n}"/>' for n in numbers))
        assert [step.nomor for step in drawn.steps] == ["1", "2", "2a", "10"]

    def test_thousands_of_gateways_in_a_row_are_followed_to_the_end(self) -> None:
        gateways = "".join(f'<exclusiveGateway id="g{n}"/>' for n in range(5000))
        arrows = "".join(arrow(f"g{n}", f"g{n + 1}") for n in range(4999))
        drawn = sop(
            '<startEvent id="g"/><userTask id="a"/>'
            + gateways
            + arrows
            + arrow("g", "g0")
            + arrow("g4999", "a")
        )
        assert drawn.first == "a"

    def test_without_a_start_nobody_knows_the_first_step(self) -> None:
        with pytest.raises(NoFirstStep, match="SOP Uji"):
            _ = sop('<userTask id="a"/>').first_step


class TestDeadlines:
    """The mutu baku waktu is the timer that escalates."""

    def test_the_timer_that_escalates_is_the_mutu_baku(self) -> None:
        step = timed("<timeDuration>\n P2DT4H </timeDuration>").steps[0]
        assert step.mutu_baku.waktu == Duration(days=2, minutes=240)
        assert step.mutu_baku.timer == "lewat"

    @pytest.mark.parametrize(
        "drawn",
        [
            timed("<timeDuration>PT5M</timeDuration>", end=""),
            timed("<timeDuration>PT5M</timeDuration>", cancel="true"),
            timed("<timeCycle>R/PT5M</timeCycle>"),
        ],
        ids=["reminder", "interrupting", "cycle"],
    )
    def test_any_other_timer_is_none(self, drawn: Sop) -> None:
        assert drawn.steps[0].mutu_baku.waktu is None

    def test_a_deadline_that_is_no_working_time_is_refused(self) -> None:
        with pytest.raises(BadDeadline, match=r"“Tulis”.*P1M"):
            timed("<timeDuration>P1M</timeDuration>")

    def test_a_step_has_one_deadline(self) -> None:
        timer = "<timerEventDefinition><timeDuration>PT5M</timeDuration></timerEventDefinition>"
        event = '<boundaryEvent id="{}" attachedToRef="a" cancelActivity="false">{}</boundaryEvent>'
        with pytest.raises(TwoDeadlines, match="satu, dua"):
            sop(
                '<userTask id="a"/><endEvent id="naik"><escalationEventDefinition/></endEvent>'
                + event.format("satu", timer)
                + event.format("dua", timer)
                + arrow("satu", "naik")
                + arrow("dua", "naik")
            )


class TestDecisions:
    """The answers on the buttons."""

    @pytest.mark.parametrize(
        "condition",
        ["outcome == 'tidak'", "${outcome == 'tidak'}", '=outcome = "tidak"', "'tidak' == outcome"],
    )
    def test_every_modellers_spelling_is_the_same_answer(self, condition: str) -> None:
        drawn = decided(
            arrow("g", "arsip", "outcome == 'setuju'", "Setuju"),
            arrow("g", "tulis", condition, "Tidak setuju"),
        )
        decision = drawn.step("periksa").decision
        assert decision and decision.question == "Setuju?"
        assert [(o.value, o.label, o.target, o.back) for o in decision.outcomes] == [
            ("setuju", "Setuju", "arsip", False),
            ("tidak", "Tidak setuju", "tulis", True),
        ]

    @pytest.mark.parametrize("condition", ["", "outcome != 'setuju'", "not (outcome == 'setuju')"])
    def test_the_remaining_answer_is_the_name_of_its_arrow(self, condition: str) -> None:
        drawn = decided(
            arrow("g", "arsip", "outcome == 'setuju'"), arrow("g", "tulis", condition, "Tidak")
        )
        decision = drawn.step("periksa").decision
        assert decision and [o.value for o in decision.outcomes] == ["setuju", "tidak"]
        assert decision.outcomes[0].label == "setuju"

    def test_several_answers_may_share_an_arrow(self) -> None:
        drawn = decided(
            arrow("g", "arsip", "outcome in ['setuju', 'catatan']", "Lanjut"),
            arrow("g", "tulis", "outcome == 'tidak'"),
        )
        decision = drawn.step("periksa").decision
        assert decision and [(o.value, o.label) for o in decision.outcomes] == [
            ("catatan", "catatan"),
            ("setuju", "setuju"),
            ("tidak", "tidak"),
        ]

    def test_where_data_decides_too_an_answer_leads_nowhere_for_certain(self) -> None:
        drawn = decided(
            arrow("g", "arsip", "outcome == 'setuju' and tulis.jumlah &gt; 5"),
            arrow("g", "selesai", "outcome == 'setuju' and tulis.jumlah &lt;= 5"),
            arrow("g", "tulis", "outcome == 'tidak'"),
        )
        decision = drawn.step("periksa").decision
        assert decision and [(o.value, o.target) for o in decision.outcomes] == [
            ("setuju", None),
            ("tidak", "tulis"),
        ]

    def test_a_gateway_that_looks_only_at_data_asks_nobody(self) -> None:
        drawn = decided(
            arrow("g", "arsip", "tulis.jumlah &gt; 5"), arrow("g", "tulis", "tulis.jumlah &lt;= 5")
        )
        assert drawn.step("periksa").decision is None
        assert drawn.step("periksa").next == ("arsip", "tulis")

    def test_an_answer_further_on_is_no_way_back_although_the_flow_comes_round(self) -> None:
        drawn = read(library.load("martapura-barat/monitoring-kinerja"))
        backs = {
            (step.nomor, outcome.target): outcome.back
            for step in drawn.steps
            if step.decision
            for outcome in step.decision.outcomes
        }
        assert backs == {
            ("6", "Langkah_7"): False,
            ("6", "Langkah_5"): True,
            ("8", "Langkah_9"): False,
            ("8", "Langkah_5"): True,
        }

    def test_an_unnamed_remaining_answer_is_refused(self) -> None:
        with pytest.raises(NamelessOutcome, match=r"g_tulis.*Setuju\?"):
            decided(arrow("g", "arsip", "outcome == 'setuju'"), arrow("g", "tulis"))

    @pytest.mark.parametrize("condition", ["outcome == tulis.pilihan", "outcome ==", "outcome"])
    def test_a_condition_that_names_no_answer_is_refused(self, condition: str) -> None:
        with pytest.raises(UnclearOutcome, match="Ya"):
            decided(
                arrow("g", "arsip", "outcome == 'setuju'"), arrow("g", "tulis", condition, "Ya")
            )


@pytest.mark.parametrize(
    ("error", "inside", "named"),
    [
        (SameId, '<userTask id="a"/><userTask id="a"/>', "a"),
        (NoId, '<userTask name="Tulis"/>', "Tulis"),
        (NotAStep, '<userTask id="a" name="Cek" sop:bukanPelaku="b"/>', "“Cek”.*“b”"),
        (NoSuchLane, '<userTask id="a" name="Cek" sop:lajur="l"/>', "“Cek”.*“l”"),
        (NamelessLane, '<laneSet><lane id="l"/></laneSet><userTask id="a"/>', "“l”"),
        (
            TwoLanes,
            '<laneSet><lane id="x" name="Camat"><flowNodeRef>a</flowNodeRef></lane><lane id="y" '
            'name="Staf"><flowNodeRef>a</flowNodeRef></lane></laneSet><userTask id="a"/>',
            "“a”.*“Camat”.*“Staf”",
        ),
        (
            WrongCount,
            '<userTask id="a" name="Isi"><extensionElements><sop:anggota jabatan="kasi"/>'
            "</extensionElements><multiInstanceLoopCharacteristics><loopCardinality>3"
            "</loopCardinality></multiInstanceLoopCharacteristics></userTask>",
            "“Isi”.*3.*1",
        ),
    ],
)
def test_what_cannot_be_told_is_refused_by_name(
    error: type[AlurError], inside: str, named: str
) -> None:
    with pytest.raises(error, match=named):
        sop(inside)


def test_two_processes_are_two_sops() -> None:
    with pytest.raises(SeveralProcesses, match="“Lain”, “SOP Uji”"):
        sop(
            '<userTask id="a"/>',
            beside='<process id="Q" name="Lain"><userTask id="b"/></process>',
        )


def test_a_drawing_without_a_process_is_refused() -> None:
    with pytest.raises(NoProcess):
        read(f'<definitions xmlns="{BPMN}"/>'.encode())


def test_a_post_is_written_as_a_slug() -> None:
    assert slug("Kasubbag Umum & Kepegawaian") == "kasubbag-umum-kepegawaian"
    assert slug("  CAMAT ") == "camat"


def test_what_is_met_after_a_step_ends_with_the_next_steps() -> None:
    process = parse(library.load(GAMBUT)).find(tag(BPMN, "process"))
    assert process is not None
    arrows = Arrows(process)
    met = [node.get("id") for node in arrows.met_after(arrows.nodes["Langkah_4"])]
    assert met == ["Putusan_4", "Langkah_5", "Langkah_3"]
