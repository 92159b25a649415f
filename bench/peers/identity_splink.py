"""Splink on DuckDB over labelled public sets: pairwise quality and cost, settings as in its tutorials."""
import argparse
import itertools
import resource
import time
from pathlib import Path

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on



def fake_1000(data: Path):
    df = pd.read_csv(data / "splink_fake_1000.csv")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "city"), block_on("surname"), block_on("dob"), block_on("email"),
        ],
    )
    return df, settings, [block_on("first_name", "surname"), block_on("dob")], "cluster", "unique_id"


def febrl3(data: Path):
    df = pd.read_csv(data / "febrl3.csv", skipinitialspace=True, dtype=str)
    df["unique_id"] = df["rec_id"]
    df["cluster"] = df["rec_id"].str.extract(r"rec-(\d+)-")[0]
    df = df.rename(columns=str.strip)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("soc_sec_id"), block_on("given_name"), block_on("surname"), block_on("date_of_birth"),
            block_on("postcode", "street_number"),
        ],
    )
    return df, settings, [block_on("date_of_birth"), block_on("surname", "given_name")], "cluster", "unique_id"


def true_pairs(df: pd.DataFrame, cluster: str, key: str) -> set[tuple[str, str]]:
    pairs = set()
    for _, group in df.groupby(cluster)[key]:
        ids = sorted(map(str, group))
        pairs.update(itertools.combinations(ids, 2))
    return pairs


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--data", choices=["fake_1000", "febrl3"], required=True)
    args.add_argument("--directory", type=Path, required=True, help="holds febrl3.csv, splink_fake_1000.csv")
    args = args.parse_args()
    df, settings, training, cluster, key = {"fake_1000": fake_1000, "febrl3": febrl3}[args.data](args.directory)
    truth = true_pairs(df, cluster, key)

    t0 = time.perf_counter()
    linker = Linker(DuckDBAPI().register(df), settings)
    linker.training.estimate_probability_two_random_records_match(training[:1], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    out = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    seconds = time.perf_counter() - t0

    out["pair"] = [tuple(sorted((str(a), str(b)))) for a, b in zip(out[f"{key}_l"], out[f"{key}_r"])]
    out["hit"] = out["pair"].isin(truth)
    out = out.sort_values("match_probability", ascending=False)

    def score(rows: pd.DataFrame) -> tuple[float, float, float]:
        tp = int(rows["hit"].sum())
        p, r = (tp / len(rows) if len(rows) else 0.0), tp / len(truth)
        return p, r, (2 * p * r / (p + r) if p + r else 0.0)

    hits = out["hit"].cumsum().to_numpy()
    size = range(1, len(out) + 1)
    best = max(2 * h / (n + len(truth)) for h, n in zip(hits, size))
    p, r, f = score(out[out["match_probability"] >= 0.95])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{args.data}: true pairs {len(truth)} best F1 {best:.4f} | at 0.95 P {p:.4f} R {r:.4f} F1 {f:.4f} | {seconds:.1f}s peak {peak:.0f}MB")


if __name__ == "__main__":
    main()
