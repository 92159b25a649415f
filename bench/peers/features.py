"""Writes the peers' LRFMC features as raw little-endian f64, column after column, for kmeans_bench."""
import argparse

import numpy as np

from value_peers import with_duckdb

args = argparse.ArgumentParser()
args.add_argument("--segments", required=True)
args.add_argument("--out", required=True)
args = args.parse_args()
_, x = with_duckdb(args.segments, args.segments + ".members.parquet")
np.asfortranarray(x).T.astype("<f8").tofile(args.out)
print(f"{x.shape[0]} rows of {x.shape[1]} columns to {args.out}")
