"""`cheqi paper …`: verify the signatures of a PDF, or render a sample to look at.

cheqi paper verify contract.pdf [--json] [--pending lender]
cheqi paper sample loan_contract --output sample.pdf
"""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import django

HELP = "verify a signed PDF, or render a sample paper"
SAMPLES = ("loan_contract", "repayment_schedule", "credit_authorisation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two actions, each with what it needs."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="who signed it, and is it unchanged")
    verify.add_argument("pdf", type=Path)
    verify.add_argument("--json", action="store_true", help="the whole report as JSON")
    verify.add_argument("--pending", nargs="*", default=[], help="signature fields that may be empty")
    sample = actions.add_parser("sample", help="a paper of made-up people")
    sample.add_argument("template", choices=SAMPLES)
    sample.add_argument("--output", type=Path, required=True)


def run(arguments: argparse.Namespace) -> int:
    """0 when the PDF is unchanged or the sample is written, 1 when something speaks against it."""
    django.setup()
    return _verify(arguments) if arguments.action == "verify" else _sample(arguments)


def _verify(arguments: argparse.Namespace) -> int:
    from cheqi.foundation.paper.queries import verify

    try:
        content = arguments.pdf.read_bytes()
    except OSError as problem:
        print(f"无法读取 {arguments.pdf}：{problem.strerror}。请检查路径后重试。", file=sys.stderr)
        return 2
    report = verify(content, now=datetime.now(UTC), pending=arguments.pending)
    if arguments.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=2, default=str))
        return 0 if report.is_unchanged else 1
    for signer in report.signers:
        mark = "有效" if signer.is_valid else "无效"
        print(f"{mark}  {signer.name}（{signer.organisation}）  {signer.signed_at:%Y-%m-%d %H:%M:%S %Z}")
    for finding in report.why:
        print(f"! {finding.message.zh}  [{finding.rule} {finding.field}]")
    print("文件与签署时一致。" if report.is_unchanged else "文件不能作为已签署的合同使用。")
    return 0 if report.is_unchanged else 1


def _sample(arguments: argparse.Namespace) -> int:
    from cheqi.foundation.paper import samples
    from cheqi.foundation.paper.operations import render

    content = getattr(samples, arguments.template)()
    sides = samples.SIGNATORIES if arguments.template == "loan_contract" else ()
    arguments.output.write_bytes(render(content, sides))
    print(arguments.output)
    return 0
