"""The first field of a registration certificate holds three things: 王京/居民身份证/110105….

>>> owner, number = split_owner("王京/居民身份证/11010519491231002X")
>>> owner.value, number.value
('王京', '11010519491231002X')
"""

import re

from cheqi.core.documents.fields import Form
from cheqi.core.documents.values import Cleaned, clean, objection

_PAPERS = "居民身份证|统一社会信用代码证?书?|营业执照|组织机构代码证书?|护照|居民户口簿|军官证|士兵证"
_BORDER = r"[/／|丨\\]"


def split_owner(text: str) -> tuple[Cleaned, Cleaned]:
    """Name and number, each with its own objections."""
    match = re.search(rf"(.+?){_BORDER}*(?:{_PAPERS}){_BORDER}*([0-9A-Za-z \-]*)$", text)
    match = match or re.fullmatch(rf"([^/]+){_BORDER}[^/]{{3,10}}{_BORDER}([0-9A-Za-z]+)", text)
    if match is None:
        why = objection(
            "owner_shape", "未能分开姓名与证件号码，请核对", "Name and number could not be told apart"
        )
        return Cleaned(text, (why,)), clean(Form.PARTY_NUMBER, "")
    return clean(Form.PARTY, match.group(1)), clean(Form.PARTY_NUMBER, match.group(2))
