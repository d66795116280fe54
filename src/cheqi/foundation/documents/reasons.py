"""Why a document is sent back: the code, what it means, and what a good photograph looks like.

>>> REASONS["GLARE"].sentence.zh
'照片有反光，部分文字看不清。'
"""

from dataclasses import dataclass
from types import MappingProxyType

from cheqi.core.base.text import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as the clerk chooses it (`label`) and as the customer reads it (`sentence`, `advice`)."""

    label: Text
    sentence: Text
    advice: Text
    is_for_clerks: bool = True


def _reason(label: tuple[str, str], sentence: tuple[str, str], advice: tuple[str, str]) -> Reason:
    return Reason(Text(*label), Text(*sentence), Text(*advice))


REASONS: MappingProxyType[str, Reason] = MappingProxyType(
    {
        "GLARE": _reason(
            ("反光", "Glare"),
            ("照片有反光，部分文字看不清。", "The photograph has glare; some of the text cannot be read."),
            (
                "请关闭闪光灯，避开灯光直射，把证件平放在深色桌面上，从正上方拍摄。",
                (
                    "Please switch off the flash, keep out of direct light, and photograph the document flat "
                    "on a dark table from straight above."
                ),
            ),
        ),
        "BLUR": _reason(
            ("模糊", "Blurred"),
            ("照片模糊，文字不清晰。", "The photograph is blurred; the text is not sharp."),
            (
                "请擦净镜头，双手持稳手机，对焦清晰后再拍，确认每个字都能看清。",
                (
                    "Please wipe the lens, hold the phone with both hands, wait for focus, and check that "
                    "every character is legible."
                ),
            ),
        ),
        "CROPPED": _reason(
            ("不完整", "Cut off"),
            ("证件没有拍全，边缘被裁掉了。", "The document is not complete; an edge is cut off."),
            (
                "请让证件四个角都在画面内，四周留出一点空白。",
                "Please keep all four corners in the picture with a little space around them.",
            ),
        ),
        "WRONG_DOCUMENT": _reason(
            ("证件不对", "Wrong document"),
            ("上传的不是要求的证件。", "This is not the document that was asked for."),
            (
                "请核对要求的证件名称和正反面，再上传对应的照片。",
                "Please check which document and which side is asked for, then upload that photograph.",
            ),
        ),
        "EXPIRED": _reason(
            ("已过期", "Expired"),
            ("证件已超过有效期。", "The document has expired."),
            (
                "请上传在有效期内的证件；正在换证的，请等新证件办好后上传。",
                "Please upload a valid document; if it is being renewed, wait for the new one.",
            ),
        ),
        "COPY": _reason(
            ("翻拍或复印件", "Copy"),
            (
                "照片是复印件或翻拍屏幕，需要原件照片。",
                "This is a copy or a photograph of a screen; the original is needed.",
            ),
            (
                "请直接拍摄证件原件，不要使用复印件、扫描件截图或翻拍。",
                "Please photograph the original itself, not a copy, a scan or a screen.",
            ),
        ),
        "OTHER_PERSON": _reason(
            ("非本人", "Another person's"),
            (
                "证件上的姓名与申请人不一致。",
                "The name on the document differs from the applicant's.",
            ),
            (
                "请上传申请人本人的证件；姓名变更过的，请联系客户经理补充证明。",
                (
                    "Please upload the applicant's own document; after a change of name, contact "
                    "your client manager."
                ),
            ),
        ),
        "CANNOT_VERIFY": _reason(
            ("信息无法核实", "Cannot be verified"),
            (
                "证件上的号码或信息核对不一致，无法核实。",
                "A number or other details on the document do not check out and cannot be verified.",
            ),
            (
                "请对照原件检查号码是否清晰，重新拍摄；如仍有疑问，请联系客户经理。",
                (
                    "Please check on the original that the numbers are legible and photograph it again; "
                    "contact your client manager if in doubt."
                ),
            ),
        ),
        "PERSON_CHANGED": Reason(
            Text("换了人", "Another person now"),
            Text(
                "申请里换了人，之前那位的证件不再采用。",
                "Somebody else takes part now; the former document counts no more.",
            ),
            Text("请上传现在这位的证件。", "Please upload the document of the person who takes part now."),
            is_for_clerks=False,
        ),
    }
)
