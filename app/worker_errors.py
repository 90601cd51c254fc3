"""What can go wrong with work that is done in another process.

WorkerError
├── TooSlowError     it took longer than it may
├── TooLargeError    it needed more memory than it may
├── WorkerLostError  its process died, or the server is stopping
├── BusyError        too much other work is running or waiting
└── ClientGoneError  nobody waits for the answer any more
"""

from http import HTTPStatus


class WorkerError(Exception):
    """Work that gave no result; `retry_after` is in seconds where trying again may help."""

    code = "worker_error"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after: int | None = None


class TooSlowError(WorkerError):
    """Work that was cut off since its time was up."""

    code = "too_slow"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"This took longer than {seconds:g} seconds and was stopped: "
            "ask for less, such as fewer iterations or samples, or a simpler formula."
        )
        self.seconds = seconds


class TooLargeError(WorkerError):
    """Work that ran out of memory."""

    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self) -> None:
        super().__init__(
            "This needed more memory than one request may use: "
            "ask for less, such as fewer samples or smaller layers."
        )


class WorkerLostError(WorkerError):
    """Work whose process ended before it did."""

    code = "worker_lost"
    retry_after = 1

    def __init__(self) -> None:
        super().__init__("The process that computed this ended too early: send it again.")


class BusyError(WorkerError):
    """Work that wasn't begun, since as much as is allowed was running."""

    code = "busy"
    retry_after = 5

    def __init__(self) -> None:
        super().__init__("The server is busy with other computations: try again in a few seconds.")


class ClientGoneError(WorkerError):
    """Work that was stopped since its client had gone; nobody reads this answer."""

    code = "client_gone"

    def __init__(self) -> None:
        super().__init__("The client closed the connection before the answer was ready.")
