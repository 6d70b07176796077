"""What can stop a run, one class per person who must act.

PipelineError
├── CatalogError   whoever edits catalog/ or schemas/
├── SourceError    whoever answers for a source, and its publisher
├── PromiseError   whoever answers for an indicator: what it promised does not hold
├── PushError      whoever answers for a destination: what it shows stays whole
├── MachineError   whoever runs the machine: disk, rights, another run under way
└── UnjudgedError  whoever asks for the verdict on a file that cannot be judged
"""


class PipelineError(Exception):
    """Something stopped the run, and the message says what a person should do."""

    exit_code = 1

    def __init__(self, subject: str, problem: str, hint: str = "") -> None:
        super().__init__(subject, problem, hint)  # all three, so that it can be pickled

    def __str__(self) -> str:
        subject, problem, hint = self.args
        return f"{subject}: {problem}" + (f" ({hint})" if hint else "")


class CatalogError(PipelineError):
    """A file of the catalogue or a schema is wrong; nothing was run."""

    exit_code = 2


class SourceError(PipelineError):
    """A publisher's file is missing, broken, or not what its description says."""


class PromiseError(PipelineError):
    """An indicator breaks what its YAML promises; nothing is published."""


class PushError(PipelineError):
    """A destination refuses or does not answer; what it shows is what it showed, and whole."""


class MachineError(PipelineError):
    """The machine refuses: no room, no right to write, or another run under way."""


class UnjudgedError(PipelineError):
    """A file, a schema or the machine does not allow a verdict; nothing is said of the data."""

    exit_code = 2
