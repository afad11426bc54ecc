"""Wordings of what a video asks, offers, proves, plays on and discloses, anywhere in its words."""

from __future__ import annotations

CTA: dict[str, tuple[str, ...]] = {
    "shop_now": (
        r"\b(?:shop (?:now|the|our|my|it|here|today|at|via|online)|buy (?:now|it|yours|one|this|"
        r"here|today)|"
        r"order (?:now|yours|today|online|here|by|at|from|before|in)|get (?:yours|it (?:now|here|"
        r"from|at))|"
        r"grab (?:yours|one|it|a|some)|add to (?:cart|basket)|tiktok shop|in (?:the|our|"
        r"my) (?:shop|store)\b|"
        r"on (?:the|our|my) (?:shop|site|website|etsy)|available (?:now|at|on|in)|pre-?order|snag|"
        r"yellow basket|orange cart|shop (?:link|is open))\b",
        r"\bnow (?:on sale|available|in stock)\b",
    ),
    "use_code": (
        r"\b(?:(?:use|with|enter|apply|type|using) (?:my |the |our |promo |discount )*code\b|"
        r"promo code|discount code|coupon code)\b",
        r"\b[Cc]ode:? ?\"?[A-Z][A-Z0-9]{2,}\b",
    ),
    "link_in_bio": (
        r"\b(?:link(?:s|ed)?\W+(?:\w+ ){0,3}?(?:in|on|at)? ?(?:my |the |our )?(?:bio|profile)|"
        r"in (?:my |the |our )?bio|"
        r"bio link|(?:via|through|→|->) ?bio|lnk in bio|link up top|link is up|profile link|"
        r"tap the link|link below)\b",
        r"(?:→|->|👉|⬆|🔗)\s?bio\b",
    ),
    "comment_keyword": (
        r"\b(?:[Cc]omment|[Dd]rop|[Tt]ype|[Ss]ay|[Ww]rite|(?:[Dd][Mm]|[Mm]essage) me|[Rr]eply)\W+"
        r"(?:the word |the |me )?[\"'“]?[A-Z]{2,}\b",
        r"\b(?:comment|drop a|type)\b.{0,40}\band i(?:'ll| will)\b",
        r"\b(?:comment|write|type|drop) (?:the word|\"\w+\"|'\w+')",
    ),
    "follow": (
        r"\b(?:follow (?:for|me|us|along|to|if|my|our|the|and|this|so|@)|follow!|hit follow|"
        r"give (?:me|us) a follow|"
        r"subscribe|part \d+ (?:is )?coming|stick around for|join the journey)\b|^\W*follow\b",
    ),
    "save": (
        r"\b(?:save (?:this|it|for|that|these|the (?:post|video|list|recipe)|me for|to)|bookmark|"
        r"screenshot (?:this|it)|"
        r"pin this|keep this (?:one|for))\b|^\W*saves?\b|\bsave\W*$",
    ),
    "share_tag": (
        r"\b(?:share (?:this|it|with|to|your)|send (?:this|it|to|that)|tag (?:a|your|someone|the|"
        r"me|us|him|her|them|"
        r"who|somebody|that)|show (?:this to|your|this)|forward this|repost|pass (?:this|it) on)\b",
    ),
    "download_app": (
        r"\b(?:download(?: (?:it|the|our|my|for|now|free|here|app))?|get the app|app store|"
        r"play store|google play|"
        r"install (?:it|the|our|this)|on (?:ios|android))\b",
    ),
    "sign_up": (
        r"\b(?:sign[- ]?ups?|sign (?:up|yourself)|register|join (?:the|our|my|us|free|now|here|"
        r"today|by)|enrol\w*|"
        r"apply (?:now|by|here|at|on|→|before|today|through|via)|book (?:a|your|now|in|the|an|"
        r"online|1|here|by)|"
        r"reserve|rsvp|waitlist|wait ?list|newsletter|free trial|subscribe to (?:the|our|my)|"
        r"get started|"
        r"tickets?|doors open|spots? (?:open|left))\b",
    ),
    "learn_more": (
        r"\b(?:learn more|read (?:more|the (?:full|rest|whole))|find out more|more (?:info|"
        r"details|on|about|at|in)|"
        r"details (?:on|in|at)|full (?:guide|story|article|report|list|breakdown|study|recipe)|"
        r"see (?:the )?(?:link|website)|"
        r"visit our (?:site|website|page)|check (?:out )?(?:the|our|my) (?:site|website|page|"
        r"blog|channel))\b",
    ),
    "visit_store": (
        r"\b(?:visit (?:us|our|the|me)|come (?:by|in|see|visit|find|say|down|try|on in)|stop by|"
        r"swing by|"
        r"(?:we're|we are|i'm) (?:open|at|on (?:the )?\w+ (?:street|st|road|ave))|find us|"
        r"walk[- ]?ins?|in[- ]store|"
        r"open (?:til|till|until|daily|sat\w*|sun\w*|from|every|weekends|tue\w*|wed\w*|thu\w*|"
        r"fri\w*|mon\w*)|"
        r"at (?:our|the) (?:store|shop|stand|stall|market|showroom|counter)|saturdays?,? (?:at|"
        r"from)|opening hours)\b",
    ),
    "watch_next": (
        r"\b(?:part (?:2|two|3|three|4|four|5|\d+)|pt\.? ?\d|next (?:video|one|part|episode)|"
        r"watch (?:the|my|part|next|all)|"
        r"full (?:video|episode|vid|version|interview|clip|thing)|see (?:the )?(?:next|rest|"
        r"part)|on (?:my |our )?(?:youtube|yt|channel)|"
        r"link to the full|rest of (?:the|this)|previous video|my last video|playlist|"
        r"episode \d+ (?:is|of|up|tomorrow))\b",
    ),
}
OFFER: dict[str, tuple[str, ...]] = {
    "percent_off": (
        r"\b(?:\d+ ?%|\w+ percent) off\b|\b\d+ ?% (?:discount|cheaper|less)\b|\b(?:half (?:off|"
        r"price)|minus \d+ ?%)\b|[-\u2013]\d+ ?%",
    ),
    "amount_off": (
        r"(?:[$€£]\s?\d+|\b\d+ ?(?:dollars|bucks|euros?|pounds|quid)|\b(?:five|ten|fifteen|"
        r"twenty|thirty|forty|fifty|hundred) "
        r"(?:dollars|bucks|euros?|pounds|quid)?) ?off\b|\bsave [$€£]\s?\d+",
    ),
    "bundle": (
        r"\b(?:bundle|buy (?:one|two|2|1|three|3).{0,20}get|bogo|2 for 1|two for (?:one|\w+)|"
        r"three for|3 for|"
        r"\d for (?:[$€£]|\d)|set of (?:\d|two|three|four)|starter (?:kit|set|box)|pack of|"
        r"combo)\b",
    ),
    "free_shipping": (
        r"\b(?:free (?:shipping|delivery|postage|returns)|ships? (?:for )?free|shipping(?:'s|"
        r" is) (?:free|on us)|"
        r"delivery(?:'s| is) (?:free|on us)|no shipping)\b",
    ),
    "free_trial": (
        r"\b(?:free (?:trial|week|month|day|for (?:a|the first|\d+|two|seven|thirty)|class|"
        r"lesson|session|to try|demo|version)|"
        r"(?:try|trial) (?:it |us )?(?:for )?free|first (?:\w+ )?(?:week|month|class|lesson|"
        r"session|visit|one|\d+ days)?\W?(?:is|'s)? ?(?:free|on us)|"
        r"\d+[- ]day trial|\d+ days free|no card needed|trial)\b",
    ),
    "gift": (
        r"\b(?:giv(?:e|ing)[- ]?away|free (?:gift|sample|sticker|tote|mini|copy|pdf|download|"
        r"template|guide|checklist|"
        r"plant|coffee|bag|ticket|poster|printable|\w+ with)|gift with|for free|win (?:a|one|"
        r"this|the)|"
        r"free\W*$|it's free|is free|on the house|freebie)\b",
    ),
}
SPONSORED = (
    r"(?:#ads?\b|\b(?:sponsor\w*|paid partner\w*|partner(?:ed|ship|ing) with|gifted|#?sponcon|"
    r"advertisement|"
    r"in (?:collaboration|partnership) with|(?:they|brand|company)(?:'s|'re| is| are)? pay(?:s|"
    r"ing)? me|"
    r"(?:is|this is|it's|was) an ad\b|ambassador|they paid me|paid me to|full disclosure|ad:|"
    r"\[ad\]|\(ad\)|"
    r"paid (?:ad|promo\w*|post|collab)|pr (?:package|box|sample)|affiliate)|(?:^|\s)ad(?:\s?[|"
    r"·•:!]|!*$))"
)
PROOF: dict[str, tuple[str, ...]] = {
    "demonstration": (
        r"\b(?:watch (?:this|what|how|me|the)|look(?:,| at| how)|see\?|here(?:'s| is) (?:how|"
        r"what)|test(?:ed|ing)?|"
        r"press|then (?:you )?(?:add|fold|pull|cut|click|press|turn|put|pour)|like this|"
        r"let me show)\b",
    ),
    "before_after": (
        r"\b(?:before\W+(?:and\W+)?after|(?:weeks?|months?|years?|days?) (?:later|ago)|"
        r"then (?:and|vs) now|used to|"
        r"how it started|transform\w*)\b|→",
    ),
    "testimonial": (
        r"\b(?:i(?:'ve| have) (?:been using|used|worn|had)|changed my|worked for me|it (?:helped|"
        r"saved|fixed) (?:me|my)|"
        r"i lost|i(?:'d| would) buy (?:it )?again|my (?:skin|hair|back|sleep|knee) (?:has|is|"
        r"feels|stopped)|since i)\b",
    ),
    "comparison": (
        r"\b(?:vs\.?|versus|compared|side by side|against|cheaper than|better than|the other one|"
        r"dupe|difference between)\b",
    ),
    "social_proof": (
        r"\b(?:reviews?|sold out|everyone|million|thousand people|waitlist|viral|best ?sell\w*|"
        r"customers|stars|"
        r"recommended by|people (?:keep|always))\b",
    ),
    "expertise": (
        r"\b(?:as (?:a|an) |i(?:'m| am) (?:a|an) |years (?:of|in|as)|study|studies|research|"
        r"doctor|professor|certified|"
        r"licensed|according to|in my (?:clinic|practice|shop|lab))\b",
    ),
    "guarantee": (
        r"\b(?:guarantee\w*|money back|refund|warranty|returns?|or (?:your|you get your) money|"
        r"risk[- ]free|no questions)\b",
    ),
}
ANGLE: dict[str, tuple[str, ...]] = {
    "problem_solution": (
        r"\b(?:problem|fix(?:ed|es)?|solution|solve[sd]?|stopped (?:the|my)|no more|tired of|"
        r"finally)\b",
    ),
    "aspiration": (
        r"\b(?:dream|goal|glow|level up|best (?:self|version)|finally (?:did|made)|proud|journey|"
        r"one day)\b",
    ),
    "education": (
        r"\b(?:how to|why|because|means|tip|learn|explained|fact|rule|difference|mistake|science|"
        r"steps?)\b",
    ),
    "entertainment": (r"\b(?:lol|lmao|funny|pov|me when|joke|meme|when you|😂|😭|💀)",),
    "belief_values": (
        r"\b(?:should|deserve|believe|respect|fair|sustainab\w*|ethic\w*|matters?|right thing|"
        r"community|kind)\b",
    ),
    "savings_price": (
        r"[$€£]\s?\d|\b(?:cheap\w*|sav(?:e|ed|ing)s?|budget|price|off|discount|free|afford\w*|"
        r"bucks|dollars)\b",
    ),
    "convenience": (
        r"\b(?:easy|easier|quick\w*|fast\w*|minutes?|seconds|simple|one (?:pan|pot|step|click)|"
        r"no need|without)\b",
    ),
    "novelty": (
        r"\b(?:new|first|never seen|just (?:dropped|launched|came)|launch\w*|update|weird|"
        r"strange|odd|unbox\w*)\b",
    ),
    "belonging": (
        r"\b(?:we all|us|y'all|anyone else|tag|you guys|our (?:people|community)|who else|"
        r"my people|club|together)\b",
    ),
    "risk_reversal": (
        r"\b(?:guarantee\w*|refund|free trial|cancel|no card|returns?|risk|warranty|don't (?:buy|"
        r"sign))\b",
    ),
}
