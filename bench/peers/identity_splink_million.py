"""Splink on DuckDB over a generated file (crates/matching/examples/generate_people): quality and cost."""
import argparse
import resource
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

RULES = [
    block_on("dob", "surname"), block_on("dob", "given_name"), block_on("phone"), block_on("email"),
    block_on("surname", "given_name", "city"), block_on("city", "street"),
]
TRAINING = [block_on("dob"), block_on("surname", "given_name")]


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("file")
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--plain-email", action="store_true", help="no levels on the part before @")
    args = args.parse_args()
    email = cl.DamerauLevenshteinAtThresholds("email", [2]) if args.plain_email else cl.EmailComparison("email")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("phone", [1, 2]),
            email,
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("street").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=RULES,
    )
    con = duckdb.connect()
    con.execute(f"set threads = {args.threads}").fetchall()
    t0 = time.perf_counter()
    con.execute(
        "create table people as select unique_id, cluster, nullif(given_name, '') as given_name, "
        "nullif(surname, '') as surname, dob, nullif(phone, '') as phone, nullif(email, '') as email, "
        "nullif(city, '') as city, nullif(street, '') as street from read_csv(?, header = true, types = "
        "{'unique_id': 'BIGINT', 'cluster': 'BIGINT', 'given_name': 'VARCHAR', 'surname': 'VARCHAR', "
        "'dob': 'VARCHAR', 'phone': 'VARCHAR', 'email': 'VARCHAR', 'city': 'VARCHAR', 'street': 'VARCHAR'})",
        [args.file],
    ).fetchall()
    truth = con.execute(
        "select sum(n * (n - 1) / 2) from (select count(*) n from people group by cluster)"
    ).fetchall()[0][0]
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register(con.table("people")), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("dob", "surname", "given_name")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    t1 = time.perf_counter()
    out = linker.inference.predict(threshold_match_probability=0.01)
    seconds = time.perf_counter() - t0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = con.execute(
        f"select match_weight, cl = cr from (select p.match_weight, l.cluster cl, r.cluster cr "
        f"from {out.physical_name} p join people l on l.unique_id = p.unique_id_l "
        f"join people r on r.unique_id = p.unique_id_r) order by match_weight desc"
    ).fetchnumpy()
    hit = rows["(cl = cr)"] if "(cl = cr)" in rows else list(rows.values())[1]
    weight = list(rows.values())[0]
    tp = hit.cumsum()
    n = range(1, len(hit) + 1)
    best, at = max((2 * int(h) / (k + truth), k) for h, k in zip(tp, n))
    sure = int((weight >= 4.247927513443585).sum())
    p, r = tp[sure - 1] / sure, tp[sure - 1] / truth
    print(
        f"splink: true pairs {truth:.0f} scored {len(hit)} best F1 {best:.4f} (P {tp[at-1]/at:.4f} "
        f"R {tp[at-1]/truth:.4f}) | at 0.95 P {p:.4f} R {r:.4f} | recall of pairs kept {tp[-1]/truth:.4f} | "
        f"{seconds:.1f} s (training {t1-t0:.1f}) peak {peak:.0f} MB"
    )


if __name__ == "__main__":
    main()
