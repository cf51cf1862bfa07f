"""walk_api.py BINARY [SECONDS]: walks the whole OpenAPI document with schemathesis, signed in as each role.

The binary runs as `demo` in a folder of its own. What is looked for: an answer of 5xx, an answer that the document does
not name, one that has another content type or other members than documented. Run by scripts/schemathesis.sh, which
brings schemathesis.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

TOKEN = "schemathesis-operator-token-of-32-characters"
# What would end the session that walks on, or never ends.
LEFT_OUT = ["sign_out", "sign_out_everywhere", "stream_events"]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def start(binary, folder):
    env = {k: v for k, v in os.environ.items() if not k.startswith("RYADOM_") and k != "DATABASE_URL"}
    env |= {"RYADOM_DATA_DIR": folder, "RYADOM_OPERATOR_TOKEN": TOKEN}
    log = open(os.path.join(folder, "log"), "w", encoding="utf-8")
    command = [binary, "demo", "--listen", "127.0.0.1:0"]
    child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=log, text=True)
    for line in child.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return child, found.group(0)
    raise SystemExit("the service did not start")


def ask(method, url, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=20) as answer:
        text = answer.read()
        return (json.loads(text) if text else None), answer.headers


def totp(secret):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def enter(url, email):
    letters, _ = ask("GET", f"{url}/dev/mail.json")
    text = next(letter["text"] for letter in letters if letter["to"] == email)
    token = re.search(r"/sign-in#(\S+)", text).group(1)
    session, headers = ask("POST", f"{url}/api/v1/session", {"token": token})
    return {"Cookie": headers["set-cookie"].split(";")[0], "X-CSRF-Token": session["csrf"]}


def roles(url):
    """Headers by role."""
    key = {"Authorization": f"Bearer {TOKEN}"}
    ask("POST", f"{url}/api/v1/session/link", {"email": "manager@example.org", "to": "/partner"})
    manager = enter(url, "manager@example.org")
    profile = {"name": "Колос", "inn": "7707083893", "ogrn": "1027700132195"}
    ask("PUT", f"{url}/api/v1/partner", profile, dict(manager))
    scopes = ["locations:read", "locations:write", "checks:verify"]
    made, _ = ask("POST", f"{url}/api/v1/partner/keys", {"name": "ERP", "scopes": scopes}, dict(manager))
    staff = {}
    for role in ("operator", "auditor"):
        email = f"{role}@example.org"
        ask("POST", f"{url}/api/v1/operator/accounts", {"email": email, "role": role}, dict(key))
        staff[role] = enter(url, email)
        factor, _ = ask("GET", f"{url}/api/v1/session/totp", None, dict(staff[role]))
        ask("POST", f"{url}/api/v1/session/totp", {"code": totp(factor["secret"])}, dict(staff[role]))
    return {"anonymous": {}, "manager": manager, "service": {"Authorization": f"Bearer {made['key']}"}, **staff, "operator key": key}


def main():
    binary = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    folder = tempfile.mkdtemp(prefix="ryadom-schemathesis-")
    child, url = start(binary, folder)
    failed = []
    try:
        for role, headers in roles(url).items():
            command = ["schemathesis", "run", f"{url}/openapi.json", "--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]
            command += ["--max-time", str(seconds), "--request-timeout", "20", "--continue-on-failure", "--warnings", "off"]
            command += ["--suppress-health-check", "all", "--no-color"]
            for name, value in headers.items():
                command += ["-H", f"{name}:{value}"]
            for operation in LEFT_OUT:
                command += ["--exclude-operation-id", operation]
            print(f"\n=== as {role} ===", flush=True)
            if subprocess.run(command, check=False).returncode != 0:
                failed.append(role)
            if child.poll() is not None:
                raise SystemExit(f"the service ended while {role} walked")
    finally:
        child.terminate()
        child.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
    if failed:
        raise SystemExit(f"schemathesis found faults as: {', '.join(failed)}")
    print("\nschemathesis found nothing, in any role")


main()
