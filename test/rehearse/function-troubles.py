"""Runs the reconciler (its rule would only after 15 minutes), then prints what functions have logged since argv[1]
(milliseconds) about trouble. Python, since its SDK comes with the emulator; endpoint and credentials are in the environment."""

import re
import sys

import botocore.session

TROUBLE = re.compile(r'"level":"(ERROR|WARN)"|not authorized to perform|^\w*Error\b|timed out')

session = botocore.session.get_session()
functions = session.create_client("lambda")
for function in functions.list_functions()["Functions"]:
    if "-Reconciler" in function["FunctionName"]:
        answer = functions.invoke(FunctionName=function["FunctionName"], Payload=b"{}")
        if "FunctionError" in answer:
            print("Reconciler", answer["Payload"].read().decode()[:800])

logs = session.create_client("logs")
for group in logs.describe_log_groups()["logGroups"]:
    name = group["logGroupName"]
    for event in logs.filter_log_events(logGroupName=name, startTime=int(sys.argv[1]))["events"]:
        if TROUBLE.search(event["message"]):
            print(name.split("/")[-1], event["message"].strip()[:800])
