"""Writes of staff: coming in, second factor, API sessions, members, roles, absences."""

from cheqi.foundation.staff.operations.absences import end_absence, record_absence
from cheqi.foundation.staff.operations.api_sessions import (
    BegunSession,
    begin_api_session,
    end_api_session,
    forget_old_api_sessions,
    saw_api_session,
    step_up_api_session,
)
from cheqi.foundation.staff.operations.log_in import change_password, log_in, log_out
from cheqi.foundation.staff.operations.members import (
    add_member,
    install_roles,
    reset_access,
    suspend_member,
)
from cheqi.foundation.staff.operations.role_changes import decide_role, propose_role
from cheqi.foundation.staff.operations.second_factor import (
    Enrolment,
    begin_totp,
    confirm_totp,
    pass_second_factor,
    step_up,
)

__all__ = [
    "BegunSession",
    "Enrolment",
    "add_member",
    "begin_api_session",
    "begin_totp",
    "change_password",
    "confirm_totp",
    "decide_role",
    "end_absence",
    "end_api_session",
    "forget_old_api_sessions",
    "install_roles",
    "log_in",
    "log_out",
    "pass_second_factor",
    "propose_role",
    "record_absence",
    "reset_access",
    "saw_api_session",
    "step_up",
    "step_up_api_session",
    "suspend_member",
]
