"""The diagram of the measurements: 14 steps in 4 lanes, a timer and an escalation on each."""

STEPS = 14
LANES = 4


def diagram(timer: str = "PT10M", back: str = "outcome == 'tidak'") -> bytes:
    """Step 4 is a decision with a way back to step 3."""
    nodes = [node for number in range(1, STEPS + 1) for node in _step(number, timer)]
    flows = [_flow("F0", "Mulai", "Langkah_1")]
    for number in range(1, STEPS + 1):
        flows += _onward(number, back)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D"
 targetNamespace="urn:alur:bench"><bpmn:escalation id="Lewat" name="Lewat waktu"/>
<bpmn:process id="P" name="Empat belas langkah" isExecutable="true">
<bpmn:laneSet id="LS">{"".join(_lane(lane) for lane in range(LANES))}</bpmn:laneSet>
<bpmn:startEvent id="Mulai"/><bpmn:endEvent id="Selesai"/>
<bpmn:exclusiveGateway id="Putusan_4" default="F4_setuju"/>
{"".join(nodes)}{"".join(flows)}</bpmn:process></bpmn:definitions>""".encode()


def _lane(lane: int) -> str:
    steps = (f"Langkah_{number}" for number in range(1, STEPS + 1) if number % LANES == lane)
    held = "".join(f"<bpmn:flowNodeRef>{step}</bpmn:flowNodeRef>" for step in steps)
    return f'<bpmn:lane id="Lajur_{lane}" name="Pelaksana {lane}">{held}</bpmn:lane>'


def _step(number: int, timer: str) -> list[str]:
    return [
        f'<bpmn:userTask id="Langkah_{number}" name="Mengerjakan langkah {number}"/>',
        f'<bpmn:boundaryEvent id="Lewat_{number}" cancelActivity="false" '
        f'attachedToRef="Langkah_{number}"><bpmn:timerEventDefinition><bpmn:timeDuration>'
        f"{timer}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>",
        f'<bpmn:endEvent id="Eskalasi_{number}"><bpmn:escalationEventDefinition '
        'escalationRef="Lewat"/></bpmn:endEvent>',
        _flow(f"T{number}", f"Lewat_{number}", f"Eskalasi_{number}"),
    ]


def _onward(number: int, back: str) -> list[str]:
    if number == 4:
        return [
            _flow("F4", "Langkah_4", "Putusan_4"),
            _flow("F4_setuju", "Putusan_4", "Langkah_5"),
            _flow("F4_tidak", "Putusan_4", "Langkah_3", back),
        ]
    target = f"Langkah_{number + 1}" if number < STEPS else "Selesai"
    return [_flow(f"F{number}", f"Langkah_{number}", target)]


def _flow(id: str, source: str, target: str, condition: str = "") -> str:
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" * bool(condition)
    return (
        f'<bpmn:sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{inside}'
        "</bpmn:sequenceFlow>"
    )
