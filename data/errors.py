"""The one family of errors that users see.

CountervoiceError
├── InputError            a file or message that cannot be used
│   ├── ColumnError       a column that is missing or cannot be told
│   ├── EncodingError     bytes that are not UTF-8
│   └── WriteError        a file that cannot be written
├── CheckpointError       a model folder that is incomplete or does not fit
├── PromotionError        a checkpoint that does not take the place of another
├── SettingsError         an option outside its range
├── EditError             an edit of causes that cannot be made
│   ├── UnknownIdError    a cause or a statement that is not there
│   └── StandingError     an edit that contradicts what stands
│       └── SealedError   a belief after the measured share was shown
├── EngineError           a cluster that cannot be reached, or that failed
├── RecoveryError         an entry of the recovery queue that cannot be made
│   └── NobodyError       a person who is not in the queue
└── StateError            no mining to serve, or one that cannot be read
    ├── OtherModelError   a mining of another model than the one to serve
    ├── InUseError        a register of causes that another process writes to
    └── DatabaseError     the database of the service cannot be used

Each message says what was got, what is allowed, and the fix, in one line.
"""


class CountervoiceError(Exception):
    """Base of every error that is shown to users as one line, without a traceback."""


class InputError(CountervoiceError):
    """A file or a message cannot be used."""


class ColumnError(InputError):
    """A needed column is missing, or more than one could be meant."""


class EncodingError(InputError):
    """A file holds bytes that are not valid UTF-8."""


class WriteError(InputError):
    """A file cannot be written: no room, no right, or no such folder."""


class CheckpointError(CountervoiceError):
    """A model folder is incomplete, or its parts do not fit together."""


class PromotionError(CountervoiceError):
    """A checkpoint does not take the place of another: it is not better, or the folders cannot be swapped."""


class SettingsError(CountervoiceError):
    """An option is outside its allowed range."""


class EditError(CountervoiceError):
    """An edit of causes cannot be made.

    Attributes:
        over_http: The same for whoever has no command line, where the message names a command or an option.
    """

    def __init__(self, message: str, over_http: str | None = None) -> None:
        super().__init__(message)
        self.over_http = over_http or message


class UnknownIdError(EditError):
    """A cause or a statement is named that is not there."""


class StandingError(EditError):
    """An edit contradicts what stands: it was made before, its cause is part of another, or its day is taken."""


class SealedError(StandingError):
    """A belief comes after the measured share was shown."""


class EngineError(CountervoiceError):
    """A cluster cannot be reached, or failed at its work."""


class RecoveryError(CountervoiceError):
    """An entry of the recovery queue cannot be made."""


class NobodyError(RecoveryError):
    """No such person is in the recovery queue."""


class StateError(CountervoiceError):
    """There is no mining to serve, or it cannot be read."""


class OtherModelError(StateError):
    """The mining was made with another model than the one that is to be asked."""


class InUseError(StateError):
    """A register of causes is written to by another mining or edit."""


class DatabaseError(StateError):
    """The database of the service cannot be reached, or is of another version."""
