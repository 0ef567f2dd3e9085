# SPDX-License-Identifier: Apache-2.0
"""Reads OpenMetrics with Prometheus' own client and prints the samples: [[name, labels, value], ...]."""

import json
import sys

from prometheus_client.openmetrics import parser

families = parser.text_string_to_metric_families(sys.stdin.read())
samples = [[s.name, s.labels, str(s.value)] for family in families for s in family.samples]
json.dump(samples, sys.stdout)
