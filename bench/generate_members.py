#!/usr/bin/env python3
"""A member file of any size, invented: names, contacts, membership and two years of activity.

    python3 bench/generate_members.py --members 1000000 --out /tmp/bench/members.csv

Import it with bench/members.toml. Nothing but the standard library; the same seed writes the same bytes.
"""
import argparse
import datetime
import random

SURNAMES = [("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"),
            ("赵", "Zhao"), ("黄", "Huang"), ("周", "Zhou"), ("吴", "Wu"), ("徐", "Xu"), ("孙", "Sun"),
            ("胡", "Hu"), ("朱", "Zhu"), ("高", "Gao"), ("林", "Lin"), ("何", "He"), ("郭", "Guo"),
            ("马", "Ma"), ("罗", "Luo"), ("欧阳", "Ouyang"), ("吕", "Lü"), ("司马", "Sima"), ("唐", "Tang")]
GIVEN = [("启", "Qi"), ("明", "Ming"), ("晓", "Xiao"), ("雨", "Yu"), ("桐", "Tong"), ("清", "Qing"),
         ("浩", "Hao"), ("然", "Ran"), ("思", "Si"), ("远", "Yuan"), ("佳", "Jia"), ("宁", "Ning"),
         ("子", "Zi"), ("涵", "Han"), ("一", "Yi"), ("诺", "Nuo"), ("志", "Zhi"), ("强", "Qiang"),
         ("丽", "Li"), ("华", "Hua"), ("文", "Wen"), ("博", "Bo"), ("静", "Jing"), ("怡", "Yi")]
CITIES = ["广州", "北京", "上海", "深圳", "成都", "重庆", "武汉", "西安", "杭州", "长沙", "昆明", "沈阳"]
TIERS = ["ordinary"] * 88 + ["silver"] * 8 + ["gold"] * 3 + ["platinum"]
OBSERVED = datetime.date(2026, 9, 30)
HEADER = ("member_no,name,surname,given,gender,birth_date,city,tier,joined_on,phone,email,observed_on,"
          "last_to_end_days,flight_count,seg_km_sum,avg_discount,sum_yr_1,sum_yr_2")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--members", type=int, default=1_000_000)
    ask.add_argument("--seed", type=int, default=7)
    ask.add_argument("--out", required=True)
    told = ask.parse_args()
    dice = random.Random(told.seed)
    day = datetime.timedelta(days=1)
    with open(told.out, "w", encoding="utf-8") as out:
        out.write(HEADER + "\n")
        for n in range(told.members):
            surname, given = dice.choice(SURNAMES), [dice.choice(GIVEN) for _ in range(dice.choice((1, 2, 2)))]
            native = surname[0] + "".join(part[0] for part in given)
            latin = "".join(part[1] for part in given)
            number = 6_000_000_000 + n
            tier = dice.choice(TIERS)
            wish = dice.lognormvariate(1.6 + 0.7 * ["ordinary", "silver", "gold", "platinum"].index(tier), 0.9)
            flights = max(2, min(400, int(wish)))
            km = flights * dice.randint(500, 3_000)
            discount = round(min(1.5, max(0.2, dice.gauss(0.72, 0.18))), 4)
            fare = km * discount * 0.75
            born = datetime.date(1945, 1, 1) + day * dice.randrange(22_000)
            joined = OBSERVED - day * dice.randrange(365, 5_000)
            out.write(
                f"{number},{native},{surname[1]},{latin},{dice.choice('MF')},{born},{dice.choice(CITIES)},{tier},"
                f"{joined},199{n % 100_000_000:08d},m{n}@example.com,{OBSERVED},{min(730, int(dice.expovariate(1 / 120)))},"
                f"{flights},{km},{discount},{fare * 0.45:.2f},{fare * 0.55:.2f}\n"
            )


if __name__ == "__main__":
    main()
