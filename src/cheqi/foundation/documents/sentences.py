"""What a person is told when something is wrong with an upload: what happened, and what to do next.

>>> finding("documents.empty").message.zh
'文件是空的，没有内容。请重新拍照或重新选择文件后上传。'
"""

from cheqi.core.base.findings import Finding, RefusalKind, Refused
from cheqi.core.base.text import Text

_ACCEPTED_ZH = "请上传照片（JPG、PNG、WebP、BMP、TIFF）或 PDF。"
_ACCEPTED_EN = "Please upload a photograph (JPG, PNG, WebP, BMP, TIFF) or a PDF."

SENTENCES: dict[str, Text] = {
    "documents.empty": Text(
        "文件是空的，没有内容。请重新拍照或重新选择文件后上传。",
        "The file is empty. Please take the photograph again or choose another file.",
    ),
    "documents.too_large": Text(
        "文件超过 20 MB，没有保存。请用手机相机的普通画质重新拍照，或把 PDF 拆开上传。",
        "The file is over 20 MB and was not kept. Please photograph it at the camera's normal quality, "
        "or split the PDF.",
    ),
    "documents.not_a_picture": Text(
        f"文件内容不是照片或 PDF（改扩展名不会改变内容）。{_ACCEPTED_ZH}",
        f"What is inside the file is neither a picture nor a PDF, whatever its name says. {_ACCEPTED_EN}",
    ),
    "documents.svg": Text(
        f"SVG 是网页图形，可能带有脚本，不能作为证件照片。{_ACCEPTED_ZH}",
        f"An SVG is a web drawing that can carry scripts; it cannot serve as a document. {_ACCEPTED_EN}",
    ),
    "documents.heic": Text(
        "这是 iPhone 的 HEIC 格式，暂时无法读取。请在“设置 → 相机 → 格式”里选择“兼容性最佳”后重新拍照，"
        "或截屏后上传截图。",
        "This is the iPhone's HEIC format, which we cannot read. Choose “Most Compatible” under "
        "Settings → Camera → Formats and photograph it again, or upload a screenshot of it.",
    ),
    "documents.office_file": Text(
        "这是 Office 文档或压缩包。请把文档另存为 PDF，或直接给纸质件拍照后上传。",
        "This is an office document or an archive. Please save it as PDF, or photograph the paper.",
    ),
    "documents.too_many_pixels": Text(
        "照片的像素太多（上限 5000 万像素），没有保存。请用手机相机的普通画质重新拍照。",
        "The picture has too many pixels (at most 50 million) and was not kept. Please photograph it at "
        "the camera's normal quality.",
    ),
    "documents.too_small": Text(
        "照片太小，文字看不清。请上传原图，不要上传缩略图。",
        "The picture is too small to read. Please upload the original, not a thumbnail.",
    ),
    "documents.damaged": Text(
        "照片不完整，可能是传输中断了。请在网络良好时重新上传，或重新拍照。",
        "The picture is incomplete; the transfer may have broken off. Please upload it again on a good "
        "connection, or take it again.",
    ),
    "documents.pdf_damaged": Text(
        "这个 PDF 打不开，可能已损坏。请重新导出，或给纸质件拍照后上传。",
        "This PDF cannot be opened; it may be damaged. Please export it again, or photograph the paper.",
    ),
    "documents.pdf_script": Text(
        "这个 PDF 带有脚本或自动执行的动作，出于安全没有保存。"
        "请用“打印为 PDF”另存一份再上传，或给纸质件拍照。",
        "This PDF carries a script or an automatic action and was not kept, for safety. Please print it to "
        "a new PDF and upload that, or photograph the paper.",
    ),
    "documents.pdf_attachment": Text(
        "这个 PDF 里夹带了其他文件，出于安全没有保存。请用“打印为 PDF”另存一份再上传。",
        "This PDF has other files attached and was not kept, for safety. Please print it to a new PDF and "
        "upload that.",
    ),
    "documents.pdf_encrypted": Text(
        "这个 PDF 有密码保护，无法读取。请去掉密码后上传，或打印出来拍照。",
        "This PDF is protected by a password. Please remove the password, or photograph a print of it.",
    ),
    "documents.too_many_pages": Text(
        "文件超过 20 页，没有保存。请只保留需要的页，或拆成几个文件上传。",
        "The file has more than 20 pages and was not kept. Please keep the pages that are needed, "
        "or split it.",
    ),
    "documents.storage_full": Text(
        "系统存储空间已满，文件没有保存。请稍后再上传；我们已收到告警，您已提交的资料不受影响。",
        "Our storage is full and the file was not kept. Please try again later; we have been alerted, and "
        "what you gave us before is safe.",
    ),
    "documents.storage_unreachable": Text(
        "暂时无法保存文件，文件没有保存。请稍后再上传；您已提交的资料不受影响。",
        "The file could not be kept just now. Please try again later; what you gave us before is safe.",
    ),
    "documents.same_again": Text(
        "这就是刚才没有通过的那张照片。请按提示重新拍一张，再上传新的照片。",
        "This is the very photograph that did not pass. Please take a new one as advised and upload that.",
    ),
    "documents.key_reused": Text(
        "这次请求的编号已用于另一份文件。请刷新页面后重新上传。",
        "This request's key was used for another file. Please reload the page and upload again.",
    ),
    "documents.same_photograph_other_person": Text(
        "同一张照片已用于另一位客户的资料。请核对是否为本人证件，并在备注中说明。",
        "The same photograph is among another customer's documents. Please check whose document it is and "
        "note what you found.",
    ),
    "documents.similar_photograph_other_person": Text(
        "这张照片与另一位客户的照片几乎相同（可能是重新压缩或截图）。请核对是否为本人证件，并在备注中说明。",
        "This photograph is nearly the same as another customer's (perhaps compressed again or a "
        "screenshot). Please check whose document it is and note what you found.",
    ),
    "documents.wrong_kind": Text(
        "照片看起来不是要求的证件。请核对后上传正确的证件照片。",
        "The photograph does not look like the document that was asked for. Please check and upload the "
        "right one.",
    ),
    "documents.not_found": Text(
        "没有找到这份资料。请返回列表刷新后再试。",
        "This document was not found. Please go back to the list and reload it.",
    ),
    "documents.already_decided": Text(
        "这份资料已有处理结果，不能再改。请刷新页面查看最新状态；如需更换，请让客户重新上传。",
        "This document has been decided and cannot be changed. Please reload the page; if it must be "
        "replaced, ask the customer to upload again.",
    ),
    "documents.not_read_yet": Text(
        "这份资料还在识别中。请稍等片刻，页面会自动更新。",
        "This document is still being read. Please wait a moment; the page updates by itself.",
    ),
    "documents.fields_open": Text(
        "还有字段没有确认。请先逐项核对标出的字段，再接受这份资料。",
        "Some fields are not confirmed yet. Please check the marked fields first, then accept the document.",
    ),
    "documents.four_eyes": Text(
        "资料由谁提交，就不能由谁核对。请交给另一位同事或另一个系统核对。",
        "Who sent a document does not settle it. Please leave it to a colleague or another system.",
    ),
    "documents.staff_only": Text(
        "只有工作人员可以核对资料。如果识别有误，请重新拍照上传，或联系您的客户经理。",
        "Only staff can settle documents. If something was misread, please take the photograph again or "
        "contact your client manager.",
    ),
    "documents.value_missing": Text(
        "请填写核对后的内容；如果照片上看不清，请退回这份资料。",
        "Please enter what you read; if the photograph is not legible, reject the document instead.",
    ),
    "documents.reason_missing": Text(
        "请写明修改原因，例如“反光遮挡，按原件核对”。",
        "Please say why, for example “glare; checked against the original”.",
    ),
    "documents.reason_unknown": Text(
        "没有这个退回原因。请从列表中选择。", "There is no such reason. Please choose one from the list."
    ),
    "documents.no_text": Text(
        "照片上没有认出文字，已转人工核对。如果照片不清楚，请重新拍照上传。",
        "No text was recognised; a colleague will look at it. Please take the photograph again if "
        "it is unclear.",
    ),
    "documents.field_unknown": Text(
        "这种证件没有这个字段。请刷新页面后重试。",
        "This kind of document has no such field. Please reload the page and try again.",
    ),
    "documents.read_failed": Text(
        "自动识别没有完成，已转人工核对。您不需要做任何事。",
        "Automatic reading did not finish; a colleague will check it. There is nothing you need to do.",
    ),
}


def finding(rule: str, *, field: str = "", **data: object) -> Finding:
    """The finding for one of the rules above; `data` is kept as text beside the sentence."""
    pairs = tuple((key, str(value)) for key, value in sorted(data.items()))
    return Finding(rule, SENTENCES[rule], field=field, data=pairs)


def refused(kind: RefusalKind, rule: str, *, field: str = "", **data: object) -> Refused:
    """A refusal for one of the rules above."""
    return Refused(kind, (finding(rule, field=field, **data),))
