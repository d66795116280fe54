"""Between the registry's JSON and our filing. Codes are the registry's own.

Example: `status_from({"requestNumber": "k", "filingNo": "D1", "state": 3, …}).state`.
"""

from datetime import datetime
from typing import Any

from cheqi.ports.vehicle_registry import Failure, FilingBusiness, FilingState, FilingStatus, LienFiling

BUSINESS_CODES = {FilingBusiness.REGISTER_LIEN: "DY", FilingBusiness.RELEASE_LIEN: "JY"}


def body_of(filing: LienFiling) -> dict[str, Any]:
    """The filing as the registry's counter wants it."""
    return {
        "ywlx": BUSINESS_CODES[filing.business],
        "sqlx": int(filing.application_type),
        "hphm": filing.plate_number,
        "hpzl": filing.plate_kind,
        "clsbdh": filing.vin,
        "djzsbh": filing.certificate_number,
        "zhth": filing.main_contract_number,
        "dyhth": filing.lien_contract_number,
        "jgdm": filing.lender_code,
        "jbr": filing.agent,
        "dyr": {
            "xm": filing.mortgagor.name,
            "sfzmhm": filing.mortgagor.id_number,
            "sjhm": filing.mortgagor.mobile,
        },
        "pch": filing.batch_number,
        "pcsl": filing.batch_count,
        "qjdz": filing.pickup_address,
        "yjdz": filing.mail_address,
    }


def status_from(data: dict[str, Any]) -> FilingStatus:
    """Where the filing stands, in our words. A return without a reason is unreadable (ValueError)."""
    return FilingStatus(
        key=str(data["requestNumber"]),
        filing_number=str(data["filingNo"]),
        state=FilingState(data["state"]),
        failure=Failure(data["failure"]),
        return_reason=str(data["returnReason"]),
        courier_number=str(data["emsNo"]),
        changed_at=datetime.fromisoformat(data["changedAt"]),
    )
