"""The forms of log-in and account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cheqi.ui.forms import CodeField


class LogInForm(forms.Form):
    """Login and password."""

    login = forms.CharField(
        label=_("账号"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """A code of the authenticator, or a recovery code."""

    code = forms.CharField(
        label=_("动态验证码"),
        max_length=20,
        help_text=_("打开手机上的身份验证器查看 6 位数字；手机不在身边时可用恢复码。"),
        widget=forms.TextInput(
            attrs={
                "inputmode": "text",
                "autocomplete": "one-time-code",
                "class": "code-input",
                "autofocus": True,
            }
        ),
    )


class EnrolForm(forms.Form):
    """The first code of a newly scanned authenticator."""

    code = CodeField(label=_("动态验证码"), help_text=_("输入身份验证器里显示的 6 位数字。"))


class PasswordForm(forms.Form):
    """The old and the new password."""

    old = forms.CharField(
        label=_("原密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        max_length=200,
        help_text=_("至少 10 个字符，不要用常见的密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, str]:
        """Both new ones are the same."""
        values = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", _("两次输入的新密码不一样"))
        return values
