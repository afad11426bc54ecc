"""Wordings that give a format away, anywhere in the words."""

from __future__ import annotations

FORMAT: dict[str, tuple[str, ...]] = {
    "tutorial_how_to": (
        r"\b(?:how to|step (?:one|two|1|2|by)|tutorial|first(?:ly)?,? (?:you|we|i|take|grab|open|add|go|"
        r"cut|put|click)|next,? (?:you|we|i|take|add|go|click)|then (?:you|we) (?:add|take|go|click|put|"
        r"press|pull|fold)|here's how|recipe|easy way to|all you (?:need|have) to do)\b",
    ),
    "demo": (
        r"\b(?:look how|watch (?:how|this|what)|this (?:app|tool|thing|gadget|website|product|machine) "
        r"(?:\w+ )?(?:does|can|will|lets|helps|is|makes)|it (?:automatically|just|even|literally) |"
        r"press (?:this|the)|click|demo|test(?:ing|ed)?|prompt|upload|here's what it)\b",
    ),
    "grwm": (r"\b(?:grwm|get(?:ting)? ready (?:with me|for|to)|getting unready|get unready)\b",),
    "day_in_life_vlog": (
        r"\b(?:day in (?:my|the|a)|a day (?:as|with|of|at)|vlog|spend (?:the|a|my) \w+ with me|"
        r"come (?:with|to|along)|morning routine|night routine|week in my|what i (?:eat|do) in a|"
        r"my (?:morning|evening|\d+ ?-? ?(?:to|9) ?-? ?5)|routine|\b[4-9]:?\d{0,2} ?a\.?m\b)\b",
    ),
    "unboxing": (
        r"\b(?:unbox\w*|just (?:came|arrived)|(?:package|parcel|box) (?:came|arrived)|let's open|"
        r"what's (?:inside|in the box)|mystery box|opening (?:my|a|the|this) )\b",
    ),
    "haul": (r"\b(?:haul|everything i (?:bought|got)|what i (?:bought|got|picked up|thrifted))\b",),
    "review": (
        r"\b(?:review\w*|rating|out of (?:ten|10)|\d+/10|is it worth|worth (?:it|the)|pros|cons|"
        r"my (?:honest )?(?:thoughts|opinion)|i'd give|verdict|rate)\b",
    ),
    "testimonial": (
        r"\b(?:it (?:worked|helped|saved|changed)|changed my (?:life|skin)|i(?:'ve| have) been using|"
        r"since (?:i started|using)|after (?:using|\w+ (?:weeks|months) (?:of|with|on))|"
        r"my results|i lost|my (?:skin|back|hair|knee) (?:is|has|stopped|feels))\b",
    ),
    "before_after": (
        r"\b(?:before\W+(?:and\W+)?after|transformation|glow ?up|makeover|then (?:and|vs) now|"
        r"how it started|day (?:1|one) (?:vs|→))\b",
        r"\w+ ?(?:→|➡|->) ?\w+",
    ),
    "comparison": (
        r"\b(?:vs\.?|versus|side by side|compar\w+|the difference|which (?:one )?is (?:better|real|ai)|"
        r"dupe|cheap\w* (?:and|vs|or) )\b",
    ),
    "listicle": (
        r"(?:^|\s)(?:1[.):]|number one|first up).{5,300}(?:\s2[.):]|number two|second)",
        r"\b(?:top (?:\d+|three|five|ten)|\d+ (?:\w+ ){0,3}?(?:things|ways|tips|reasons|signs|mistakes|"
        r"habits|apps|books|facts|places|ideas|tools|hacks|websites|jobs|skills))\b",
    ),
    "storytime": (
        r"\b(?:story ?time|so (?:yesterday|last (?:night|week)|the other day)|and then (?:he|she|they|i|my)|"
        r"long story short|part (?:1|2|two|one)|i (?:go|went|was like)|he goes|she goes|she said|he said)\b",
    ),
    "skit": (
        r"(?:^|\s)(?:me|her|him|boss|mom|dad|teacher|customer|manager|interviewer|doctor|friend)\s?:",
        r"\b(?:pov: (?:you're|your|the|a) \w+|skit|part \d+ of|acting|character|plays? the)\b",
        r"[?!] (?:yes|no|yeah|what|okay|why|sorry|sir|ma'am)[.,!?]",
    ),
    "reaction": (
        r"\b(?:react\w*|duet|stitch|watching (?:this|my|his|her)|first time (?:hearing|watching|seeing|"
        r"trying)|my (?:honest )?reaction|did (?:you|he|she) (?:just|see)|look at (?:this|him|her))\b",
    ),
    "comment_reply": (
        r"\b(?:repl(?:y|ying|ies) to|answering (?:your|this|a)|someone (?:asked|commented)|"
        r"(?:you|y'all|people|comments?) (?:asked|keep asking|said|wanted)|q ?& ?a|comment(?:s)? section)\b",
    ),
    "green_screen": (
        r"\b(?:green ?screen|behind me|look at this (?:headline|article|chart|tweet|photo|screenshot|map)|"
        r"this (?:headline|article|chart|tweet|map)|on the screen)\b",
    ),
    "street_interview": (
        r"\b(?:excuse me|what do you do for|asking (?:strangers|people|students)|on the street|strangers|"
        r"street interview|can i ask you|for (?:\$|a) ?\d+ (?:dollars|can you)|what's your name|where are you from)\b",
    ),
    "podcast": (
        r"\b(?:podcast|episode|ep\.? ?\d+|on the show|my guest|clip from|host|full (?:episode|interview))\b",
    ),
    "expert_explainer": (
        r"\b(?:this is (?:called|because)|the reason|in fact|which means|scientists|research|explained|"
        r"here's why|history|according to|for example|your (?:body|brain|skin|kidney|bank)|"
        r"as (?:a|an) \w+(?:ist|ian|or|er))\b",
    ),
    "founder_story": (
        r"\b(?:my (?:small )?(?:business|brand|shop|company|startup|bakery|studio|candles)|i (?:started|quit|"
        r"founded|built|own|opened)|our (?:first|brand|shop|company)|small business|founder|ceo|"
        r"we (?:launched|started|opened)|customers?)\b",
    ),
    "behind_the_scenes": (
        r"\b(?:behind the scenes|bts|pack(?:ing)? (?:an |your |my |this |\w+ )?orders?|how (?:we|it's) (?:make|made)|"
        r"making of|on set|studio day|in the (?:kitchen|workshop|studio|factory)|prep(?:ping)?|setting up)\b",
    ),
    "try_on": (
        r"\b(?:try(?:ing)?[- ]on|outfits?|ootd|styl(?:e|ing)|wear(?:ing)?|fit check|lookbook|size|"
        r"dress(?:es)?|jeans)\b",
    ),
    "asmr": (r"\b(?:asmr|no talking|satisfying|sound on|crunch|tapping|whisper\w*|sounds?)\b",),
    "voiceover_broll": (r"\b(?:voice ?over|b-?roll|footage|filmed|drone)\b",),
    "time_lapse": (
        r"\b(?:time ?-?lapse|sped up|speed ?(?:paint|run|clean|draw)|in \d+ seconds|\d+ hours in|\d+x)\b",
    ),
    "slideshow": (r"\b(?:swipe|slide|slides|photo dump|dump|carousel|pics?|photos)\b|[➡👉] ?$",),
    "text_meme": (
        r"^\W*(?:p\.?o\.?v|me when|when (?:you|your|ur|the|my|he|she|they|i)|nobody:|that (?:moment|feeling)|"
        r"how it feels|me (?:after|trying|waiting|at|on|in|going)|my (?:face|honest reaction|brain)|"
        r"\w+ be like|the \w+ when)\b",
        r"\b(?:be like|meme|relatable|humou?r|funny|lol|lmao|fr fr|ong|no cap|cooked|lowkey)\b",
    ),
    "trend_performance": (
        r"\b(?:danc\w+|lip ?sync|trend|choreo\w*|dc:?|transition|this sound|cover|sing(?:ing)?)\b",
    ),
    "talking_head": (
        r"\b(?:you guys|listen|let me|i(?:'m| am) (?:gonna|going to)|i want to (?:talk|say)|"
        r"hear me out|i just|i think|hi,? (?:i'm|my name)|can we talk)\b",
    ),
}
