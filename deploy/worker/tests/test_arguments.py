import random

import pytest

from tasker_worker.arguments import FLAGS, OPTIONS, checked_address, checked_arguments
from tasker_worker.task_request import TaskRequest

VALUES = {"-p": ["80", "1-65535", "22,80,1000-2000"]}
DURATIONS = ["100ms", "5s"]
HOSTILE = [
    "", "-", "--", "-oN", "-oX", "-iL", "--script", "--script=vuln", "-sI", "--datadir", "-p80", "-p-", "--min-rate=5",
    "-Pn ", "-n;id", "10.0.0.1", "/etc/passwd", "--resume", "--stylesheet", "-e", "-S", "-D", "$(id)", "-n\n", "-٣",
]


def well_formed(generator):
    arguments = []
    for name in generator.sample([*sorted(FLAGS), *OPTIONS], generator.randrange(1, 12)):
        arguments.append(name)
        if name in OPTIONS:
            values = VALUES.get(name) or (DURATIONS if name.endswith("timeout") else ["0", "30000"])
            arguments.append(generator.choice(values))
    return arguments


def test_every_list_made_by_the_grammar_is_taken_as_it_is():
    generator = random.Random(1)
    for _ in range(2000):
        arguments = well_formed(generator)
        assert checked_arguments(arguments) == arguments


def test_one_foreign_string_anywhere_refuses_the_list():
    generator = random.Random(2)
    for _ in range(5000):
        arguments = well_formed(generator)
        arguments.insert(generator.randrange(len(arguments) + 1), generator.choice(HOSTILE))
        with pytest.raises(ValueError):
            checked_arguments(arguments)


def test_random_strings_are_refused():
    generator = random.Random(3)
    for _ in range(5000):
        text = "".join(chr(generator.choice([*range(32, 127), 0, 10, 13, 0x660, 0x2028])) for _ in range(8))
        with pytest.raises(ValueError, match="nmap argument not allowed"):
            checked_arguments(["-n", text])


@pytest.mark.parametrize("ports", [
    "", ",", "80,", "0", "65536", "90-80", "1-70000", "80-", "-80", "80 ", "T:80", "http", "٨٠", "80\n",
    "1," * 70_000 + "1",
])
def test_a_bad_port_list_is_refused(ports):
    with pytest.raises(ValueError, match="-p has a value that is not allowed"):
        checked_arguments(["-p", ports])


@pytest.mark.parametrize("arguments", ["-n", None, [1], [["-n"]], ["-n", "-n"], ["-p"], ["--max-retries", "-n"]])
def test_other_shapes_are_refused(arguments):
    with pytest.raises(ValueError):
        checked_arguments(arguments)


@pytest.mark.parametrize("text, expected", [("127.0.0.1", "127.0.0.1"), ("2001:DB8:0::1", "2001:db8::1")])
def test_a_literal_address_is_taken(text, expected):
    assert checked_address(text) == expected


@pytest.mark.parametrize("text", ["", "a.test", "10.0.0.0/8", "10.0.0.1-5", "010.0.0.1", "-iL", "fe80::1%lo", 1, None])
def test_anything_but_one_address_is_refused(text):
    with pytest.raises(ValueError):
        checked_address(text)


@pytest.mark.parametrize("change", [
    {"timeout": 0}, {"timeout": 86_401}, {"timeout": "60"}, {"timeout": True}, {"phase": "services"}, {"ip": "::1"},
    {"arguments": ["-6"]},
])
def test_a_task_that_contradicts_itself_is_refused(payload, change):
    TaskRequest.checked(payload, "open_ports")
    with pytest.raises(ValueError):
        TaskRequest.checked({**payload, **change}, "open_ports")


def test_a_task_that_lacks_a_field_names_it(payload):
    del payload["attempt"]
    with pytest.raises(ValueError, match="lacks attempt"):
        TaskRequest.checked(payload, "open_ports")
