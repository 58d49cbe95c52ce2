#!/usr/bin/env python3
"""Asks the emulator through boto3, one question a line of JSON on standard input, one answer a line on standard
output: the tests' hand. Refuses nothing: an error is an answer.

    {"service": "ecr", "region": "eu-central-1", "call": "list_images", "with": {"repositoryName": "a"}}
    {"answer": {…}} or {"code": "ImageNotFoundException", "status": 400, "message": "…"} or {"broken": "…"}

`"account"` names another account than the management account, `"key"` another access key, `"seconds"` the longest
wait; `"pages": "imageIds"` asks for all pages and answers {"pages": [[…], …]}."""

import argparse
import json
import sys

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

import clients


def answered(organisation, asked):
    try:
        if "key" in asked:
            account = clients.Account(organisation, {"aws_access_key_id": asked["key"], "aws_secret_access_key": "none"})
        else:
            account = organisation.account(asked.get("account"))
        client = account.client(asked["service"], asked["region"], asked.get("seconds", 60))
        given = asked.get("with", {})
        if "pages" in asked:
            pages = client.get_paginator(asked["call"]).paginate(**given)
            return {"pages": [page.get(asked["pages"], []) for page in pages]}
        answer = getattr(client, asked["call"])(**given)
        answer.pop("ResponseMetadata", None)
        return {"answer": answer}
    except ClientError as error:
        about = error.response["ResponseMetadata"]
        return {
            "code": error.response["Error"].get("Code"), "status": about["HTTPStatusCode"],
            "message": error.response["Error"].get("Message"), "headers": about["HTTPHeaders"],
        }
    except (BotoCoreError, ResponseParserError) as error:
        return {"broken": f"{type(error).__name__}: {error}"}


def main():
    parser = argparse.ArgumentParser(description="Ask through boto3.")
    parser.add_argument("--endpoint", required=True)
    organisation = clients.Organisation(parser.parse_args().endpoint)
    for line in sys.stdin:
        print(json.dumps(answered(organisation, json.loads(line)), default=str), flush=True)


if __name__ == "__main__":
    main()
