"""A rough guess at where a name comes from, to see whether some names fare worse than others."""

from __future__ import annotations

import polars as pl

from byline.names import wordlists

FAMILIES = {
    "Chinese": "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie "
    "tang song han feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren "
    "shen yao lv "
    "jin cui tan fan wan shi xiong meng qin yan xue hou lei bai long duan hao kong shao mao chang wan gu qian zou "
    "chan wong cheung leung lam kwok chiu hsu tsai chiang hsieh lai cheng yeh",
    "Korean": "kim lee park choi jung jeong kang cho yoon yun lim shin seo kwon hwang ahn hong ryu ko moon bae baek "
    "nam noh heo yoo oh",
    "Vietnamese": "nguyen tran le pham phan vu vo dang bui do ngo duong huynh hoang dinh truong",
    "Indian": "singh kumar sharma gupta patel agarwal agrawal jain rao reddy das roy ghosh banerjee mukherjee "
    "chatterjee bhattacharyya bhattacharya sen dutta mishra pandey joshi mehta shah desai iyer krishnan raman "
    "subramanian nair "
    "menon pillai verma yadav choudhury chakraborty saha bose mitra srivastava bhatt kaur gandhi kulkarni deshpande",
}
ENDINGS = {
    "Japanese": r"(?:moto|yama|mura|kawa|gawa|shita|saki|zaki|hashi|bayashi|naka|mori|guchi|saka|zawa|sawa|taka|tani|"
    r"hara|uchi|kami|ishi|oka|miya|shima|jima|kura|nishi|suzuki|tanaka|sato|ito|kato|abe|endo|saito|kondo|goto|ueda|ota)$",
    "Slavic": r"(?:ov|ova|ev|eva|sky|ski|ska|skiy|ic|vic|enko|cka|cki|cek|ak|uk|chuk)$",
    "Arabic and Persian": r"^(?:al|el|abd|abu)[a-z]{4,}|(?:zadeh|pour|nejad|abadi|allah|ullah|uddin|eddin)$",
    "German and Dutch": r"(?:mann|berger|bauer|meyer|meier|maier|schmidt|muller|mueller|stein|hoff|huis|sma|stra|"
    r"burg|"
    r"dorf|schneider|fischer|weber|wagner|koch|richter|klein|vogel|kamp|bach)$",
}


def origin(mentions: pl.DataFrame) -> pl.Series:
    """Return a group a mention, from the folded family name; `other` for most."""
    family = pl.col("family_key")
    tests = {"Spanish": family.is_in(sorted(wordlists.spanish_surnames()))}
    tests |= {name: family.is_in(sorted(set(words.split()))) for name, words in FAMILIES.items()}
    tests |= {name: family.str.contains(pattern) for name, pattern in ENDINGS.items()}
    guesses = [pl.when(test).then(pl.lit(name)) for name, test in tests.items()]
    return mentions.select(pl.coalesce(*guesses, pl.lit("other"))).to_series()
