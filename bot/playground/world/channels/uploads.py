"""Files that come with a request, and the attachments made from them."""

import mimetypes
import re
import struct
from dataclasses import dataclass

from bot.playground.records.channels import FILE_LIMIT_BYTES, Attachment
from bot.playground.records.objects import JSON
from bot.playground.records.snowflakes import Snowflakes
from bot.playground.validation import fields
from bot.playground.validation.errors import ApiError, Problems

REQUEST_LIMIT_BYTES = 25 * 1024 * 1024
"""The size in bytes of the largest request."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart request.

    Attributes:
        index: the number n in the name of the request's part, `files[n]`.
        filename: the name that the sender gave.
        data: the file's bytes.
    """

    index: int
    filename: str
    data: bytes


def too_large() -> ApiError:
    """Returns the error for a file or request above the limit."""
    return ApiError(413, 40005, "Request entity too large")


def attachments(
    problems: Problems,
    body: JSON,
    uploads: list[Upload],
    existing: list[Attachment],
    ids: Snowflakes,
) -> list[Attachment]:
    """Returns the attachments that a message has after a request to send or edit it.

    They are the existing attachments that the body lists, and the uploaded files. If the body has
    no field `attachments`, all existing ones stay and every file is added. Raises ApiError with
    status 413 for a file above the limit.
    """
    if any(len(upload.data) > FILE_LIMIT_BYTES for upload in uploads):
        raise too_large()
    files = {upload.index: upload for upload in uploads}
    if body.get("attachments") is None:
        kept = existing if "attachments" not in body else []
        return [*kept, *(_attachment(upload, None, ids) for upload in uploads)]
    existing_by_id = {x.id: x for x in existing}
    result: list[Attachment] = []
    for place, node in enumerate(fields.objects(problems, body, "attachments", 0, 10)):
        with problems.at("attachments", place):
            description = fields.string(problems, node, "description", 0, 1024)
            number = fields.snowflake(node.get("id"))
            if number in files:
                result.append(
                    _attachment(files.pop(number), description, ids, node.get("filename"))
                )
            elif number in existing_by_id:
                result.append(existing_by_id[number])
            else:
                with problems.at("id"):
                    problems.say("No uploaded file and no attachment has this id.")
    return result + [_attachment(upload, None, ids) for upload in files.values()]


def made_attachment(filename: str, data: bytes, ids: Snowflakes) -> Attachment:
    """Returns a file that somebody chose for an option of a command.

    Raises ApiError with status 413 for a file above the limit.
    """
    if len(data) > FILE_LIMIT_BYTES:
        raise too_large()
    return _attachment(Upload(0, filename, data), None, ids)


def _attachment(
    upload: Upload, description: str | None, ids: Snowflakes, name: object = None
) -> Attachment:
    wanted = name if isinstance(name, str) and name else upload.filename
    filename = re.sub(r"[^\w.\-]", "_", wanted, flags=re.ASCII) or "unknown"
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    made = Attachment(ids.next(), filename, kind, upload.data, description)
    if upload.data[:8] == b"\x89PNG\r\n\x1a\n" and len(upload.data) >= 24:
        made.width, made.height = struct.unpack(">II", upload.data[16:24])
    return made
