"""Wordings that open with a hook. They are read in the opening only: see `rules.OPENING_WORDS`."""

from __future__ import annotations

_N = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|dozen)"
_THINGS = (
    r"(?:things?|ways?|tips?|reasons?|signs?|mistakes?|habits?|steps?|rules?|hacks?|tricks?|foods?|"
    r"recipes?|places?|products?|lessons?|ideas?|books?|apps?|tools?|types?|facts?|outfits?|"
    r"questions?|words?|phrases?|exercises?|moves?|spots?|songs?|games?|stops?|myths?|skills?|"
    r"jobs?|websites?|looks?|meals?|levels?|stages?|red flags|green flags)"
)
_SPAN = r"(?:days?|weeks?|months?|years?|hours?|minutes?)"
_START = r"^\W*(?:\w+\W+){0,2}?"

HOOK: dict[str, tuple[str, ...]] = {
    "question": (
        r"^[^.!?]{3,160}\?",
        r"^\W*(?:(?:so|ok|okay|wait|hey|guys|but)\W+)?(?:who|what|which|where|when|why|how|do|does|"
        r"did|are|is|have|has|can|could|would|should|will|am) (?:you|i|we|they|it|this|that|there|"
        r"your|my|the|else|is|are|do|does|did|would|many|much)\b[^.!]{0,150}\?",
        r"\b(?:does anyone|has anyone|is it just me|am i the only|did you know|have you ever|"
        r"what would you|would you rather|what's your)\b",
    ),
    "bold_claim": (
        r"\b(?:the|my|your) (?:absolute )?(?:best|greatest|worst|easiest|fastest|cheapest|biggest|"
        r"most \w+|only|single|number one|#1|no\.? ?1)\b",
        r"\b(?:changed my life|game ?changer|life ?changing|nothing beats|will ever need|"
        r"for the rest of your life|guarantee|hands down|of all time|ever made|never (?:have to|"
        r"again|need)|always works|best .{0,30} ever|will change your)\b",
        r"\b(?:is|are) (?:the future|everything|dead|over|undefeated|unmatched|superior)\b",
    ),
    "shocking": (
        r"\b(?:no way|insane|unbelievable|shock\w*|omg|oh my god|wtf|what the (?:hell|fuck)|"
        r"i can(?:'t|not) believe|can't be real|jaw|disturbing|terrifying|horrifying|scariest|"
        r"nearly died|almost died|found a (?:dead|snake)|caught on camera)\b",
        r"\b(?:i|he|she|they|we) (?:got|was|were) (?:arrested|fired|sued|robbed|scammed|evicted|"
        r"banned|kicked out|rejected)\b",
    ),
    "pattern_interrupt": (
        r"^\W*(?:\*[^*]+\*|beep|ding|knock knock|bonk|splash|bang|crunch|moo|meow|quack|breaking news|"
        r"this is your captain|ladies and gentlemen|shh+)\b",
        r"\b(?:don't ask|ignore the|yes,? (?:that|this) is a|why am i holding)\b",
    ),
    "contrarian_myth": (
        r"\b(?:unpopular opinion|hot take|myths?|actually|contrary to|overrated|underrated|"
        r"you(?:'ve| have) been lied to|been told|is a lie|isn't true|not true|debunk\w*|"
        r"the truth is|no,? you don't|you don't need|nobody needs|everyone(?:'s| is) wrong|"
        r"they (?:told|tell) you|everybody says|people (?:say|think)|controversial)\b",
        r"^\W*\"[^\"]{3,80}\"\W+(?:no|wrong|nope|well|actually|false|ok(?:ay)? but)\b",
    ),
    "curiosity_gap": (
        r"\b(?:wait (?:for it|till|until)|watch (?:till|until|to) the end|you won't believe|"
        r"the secret|nobody (?:tells|talks|told)|no one (?:tells|talks|told)|they don't want you|"
        r"what happen(?:s|ed) next|guess what|here's what happened|this is what happen\w*|"
        r"until (?:i|you|we) (?:saw|see|find|found)|keep watching|hidden|never guess|"
        r"didn't know this|i found out|what .{2,30} don't know|the one thing|this one thing|"
        r"let's see (?:if|what)|find out)\b",
    ),
    "problem_agitate": (
        r"\b(?:tired of|sick of|struggl\w+|frustrat\w+|annoy\w+|can't (?:sleep|focus|stop|afford|find|"
        r"seem)|hate (?:it )?when|hate having|keeps? (?:breaking|happening|coming back|hurting)|"
        r"waking up (?:tired|at)|nothing works|fed up|no matter what|always (?:end|run) up|"
        r"overwhelmed|burn(?:ed|t) out|so hard to|never have time|does(?:n't| not) work)\b",
        r"\bif you(?:'re| are) (?:tired|struggling|stuck|sick)\b",
    ),
    "how_to": (
        r"\b(?:how to|here(?:'s| is) how|step[- ]by[- ]step|let me show you how|"
        r"i(?:'ll| will| am going to|'m going to|'m gonna) (?:show|teach) you|learn how|tutorial|"
        r"the (?:easy|right|correct|proper) way to|this is how (?:you|i|to)|easy way to|"
        r"how (?:i|you|we) (?:make|made|get|got|do|did|clean|cook|style|edit|save|built|build))\b",
    ),
    "explainer_why": (
        r"\b(?:this is why|here(?:'s| is) why|the reason|that's why|reason why|why (?:your|you|do|does|"
        r"the|is|are|we|i|it|it's|every\w*|all)\b(?![^.?!]{0,120}\?)|explained|the science|"
        r"what (?:actually|really) happens|because)\b",
    ),
    "listicle": (
        rf"\b{_N}(?: \w+){{0,3}}? {_THINGS}\b",
        r"\btop (?:\d+|three|five|ten)\b",
        r"\b(?:ranking|ranked|rating|tier list|part \d+ of \d+|from worst to best)\b",
        r"(?:^|\s)1[.):] .{2,120}(?:^|\s)2[.):] ",
        rf"\b(?:in|for|with) {_N} (?:steps|outfits|ways|levels)\b",
        r"^\W*(?:things|signs|places|foods|red flags|green flags|lessons|gifts|products|books) "
        r"(?:i|you|that|to|every|we|your|nobody|in|for|a)\b",
    ),
    "storytime": (
        r"\b(?:story ?time|so (?:yesterday|today|last|the other|this (?:morning|guy|girl|man|woman|lady|"
        r"happened)|i was|basically|my)|the (?:other day|time (?:i|my|we))|"
        r"one (?:day|time|night)|last (?:night|week|year|summer|month)|when i was (?:\d+|a|in|young)|"
        r"let me tell you (?:about|what)|years? ago,? (?:i|my|we)|(?:i|we) was (?:just )?(?:sitting|"
        r"walking|standing|driving|at|in)|this (?:man|woman|guy|girl|lady|kid) (?:just|came|walked)|"
        r"(?:just|so) (?:told|asked|said|caught|found|walked))\b",
        r"^\W*(?:yesterday|today|this morning|tonight|on (?:monday|tuesday|friday|saturday))\b,? "
        r"(?:i|my|we|a|the|he|she)\b",
        r"^\W*my (?:\w+ ){1,2}(?:just |once |was |told |said |asked |called |texted |gave |left |made )",
    ),
    "confession": (
        r"\b(?:i(?:'ll| will| have to|'ve got to| gotta| must| need to) (?:admit|confess|be honest)|"
        r"confess\w*|i(?:'m| am) (?:ashamed|embarrassed|sorry|not gonna lie|jealous|obsessed|addicted|"
        r"guilty)|i was wrong|i regret|honestly|to be honest|not gonna lie|ngl|tbh|i lied|"
        r"my (?:biggest )?(?:regret|secret)|i(?:'ve| have) never|i still (?:can't|don't|haven't)|"
        r"i failed|i don't (?:know how|like|even|care)|i used to (?:think|hate|lie|believe)|"
        r"don't judge|never told|truth is,? i|guilty pleasure|apolog\w+|i hate that i)\b",
    ),
    "pov_relatable": (
        r"\bp\.?o\.?v\b",
        r"^\W*(?:me|us|my \w+(?: \w+)?|him|her|them|mom|dad|moms|dads|girls|boys|men|women|"
        r"the \w+|that one \w+|that \w+|every \w+|students|teachers|\w+ (?:majors|girls|boys|kids|"
        r"people|moms|students|owners))\b[^.!?]{0,40}\b(?:when|after|trying|waiting|watching|"
        r"pretending|looking|going|getting|at \d|on (?:my|the|a)|be like|realizing|before|during|"
        r"every time|seeing|acting|explaining|running|walking|coming|sitting|opening|hearing)\b",
        r"^\W*(?:when|that (?:moment|feeling|one)|the (?:feeling|moment|way)|nobody:|no one:|how it feels|"
        r"how i (?:feel|look|be|sleep|act|walk)|what it feels|every time|whenever|tell me why|"
        r"why (?:is it|do i) (?:always|only)|what my|my (?:face|brain|reaction|honest reaction))\b",
        r"\b(?:me when|when you|when ur|when your|when the|when my|be like|mood|relatable|"
        r"we've all|same energy|it's giving|is it just me|all of us|the typa|type of)\b",
    ),
    "direct_address": (
        rf"{_START}(?:hey|dear|attention|calling all|listen(?: up)?|if you(?:'re| are|'ve| have| live| own|"
        r" want| need| work| ever| see| got| like| love| can| feel| struggle| think| use|r)?|"
        r"to (?:the|all|any|every|anyone|everyone|whoever|my)|for (?:the|all|anyone|everyone|those|my)|"
        r"you need to|you have to|you should|do (?:this|it)|remember|imagine|go |please|"
        r"ladies|gentlemen|guys|girls|boys|students|parents|moms|teachers|nurses|fellas|besties|men|"
        r"women|brothers|sisters|gamers|homeowners|beginners)\b",
        r"\b(?:this is for you|this (?:is|one's|video is) for|you guys|y'all|comment (?:your|below|if)|"
        r"help me|tag (?:someone|a|your)|send this|who's with me|raise your hand)\b",
    ),
    "social_proof": (
        r"\b(?:every(?:one|body)(?:'s| is| keeps| has| loves| asks?)?|viral|sold out|best ?sell\w*|"
        r"reviews?|million (?:people|views|users|downloads)|trending|tiktok made me|went viral|"
        r"people (?:keep|always|are) ask\w*|recommended|rated|customers|five stars|5 stars|waitlist|"
        r"all over my|the hype|raving|obsessed with)\b",
    ),
    "authority": (
        r"\b(?:as (?:a|an|someone who|your) (?:\w+ ){0,3}?(?:doctor|dermatologist|nurse|teacher|coach|"
        r"lawyer|trainer|therapist|chef|mechanic|recruiter|engineer|vet|dentist|stylist|accountant|"
        r"\w+ist|\w+ian|\w+er|\w+or)|i(?:'m| am) (?:a|an) (?:\w+ ){0,3}?(?:doctor|dermatologist|"
        r"nurse|teacher|coach|lawyer|trainer|therapist|chef|mechanic|recruiter|engineer|vet|dentist|"
        r"stylist|accountant|\w+ist|\w+ian|plumber|electrician|paramedic|barber|farmer|pharmacist)|"
        r"(?:after|with|for) (?:\w+ ){0,2}years (?:of|in|as)|years (?:of experience|in (?:the )?)|"
        r"i've (?:worked|been|done|taught|coached|trained|fixed|built|cut)\b.{0,40}\byears|"
        r"professional|certified|licensed|board)\b",
    ),
    "statistic": (
        r"\b\d+(?:\.\d+)? ?(?:%|percent)",
        r"\b(?:\w+ percent|\d+ (?:out of|in) \d+|one in (?:\w+)|(?:two|three|four|five|six|seven|eight|nine) "
        r"(?:out of|in) (?:ten|five|\d+)|on average|studies|according to|billion|statistic\w*)\b",
    ),
    "before_after": (
        r"\b(?:before (?:and|&|vs\.?|/) ?after|before\W+after|transform\w*|glow ?up|makeover|"
        r"progress|then (?:and|vs\.?) now|(?:\d+|one|two|three|six) (?:years?|months?|weeks?|days?) "
        r"(?:later|apart|ago vs)|from this to this|used to (?:be|look|have)|week (?:1|one)\b.{0,30}\bweek|"
        r"day (?:1|one)\b.{0,30}\bday|how it started|how it's going|results after)\b",
        r"\w+ ?(?:→|➡|->) ?\w+",
    ),
    "contrast_versus": (
        r"\b(?:vs\.?|versus|instead of|compared to|dupe|expectations?|reality|the difference between|"
        r"cheap (?:vs|or|and) |\$\d+ (?:vs|or)|rather than|which (?:is|one is) better|"
        r"what i (?:ordered|wanted|said|think|asked)|other people|normal people|others|"
        r"\w+ (?:me|days?|moms?|dads?|people) vs)\b",
        r"\b(?:people|girls|boys|teachers|parents|moms|dads|men|women|what they)\b.{2,60}[:;,|].{0,10}\b(?:me|my|us|mine)\b",
        r"^\W*(?:how|what) .{3,60} (?:vs|and how|and what|when) ",
    ),
    "challenge": (
        rf"\b(?:day (?:\d+|one|two|three) (?:of|without|trying|doing)|day \d+|challenge|can i|"
        r"can (?:you|we) .{2,40}\?|i (?:bet|dare)|bet you|dare|trying to .{2,60} (?:until|till|in|for|every)|"
        rf"for (?:\d+|thirty|seven|one) {_SPAN} (?:straight|in a row)|attempt\w*|try not to|"
        r"testing (?:if|whether|every|the|viral)|let's see if (?:i|we|you|our|it)|only eating|"
        r"every day for|first (?:one )?to|last (?:one )?to|you can only|guess (?:the|which|who|how))\b",
    ),
    "negative_warning": (
        r"^\W*(?:\w+\W+){0,3}?(?:stop|don't|do not|never|avoid|quit|please don't|beware|careful|warning)\b",
        r"\b(?:mistakes?|stop (?:doing|buying|using|saying|washing|eating|wearing|scrolling)|red flags?|"
        r"don't (?:buy|do|use|ever|make|go|eat|trust|wear|be|let|throw|sign|skip)|worst (?:thing|mistake)|"
        r"you're doing .{0,20}wrong|ruin\w*|wrong way|scams?|dangerous|toxic|things not to|"
        r"bad habits)\b",
    ),
    "offer_first": (
        r"(?:[$€£]\s?\d+|\b\d+ ?% off|\bfree (?:shipping|trial|gift|sample|delivery)|\bgiv(?:e|ing)[- ]?away|"
        r"\bdiscount|\bsale\b|\bcoupon|\bpromo|\buse (?:my )?code|\bbuy one|\bhalf (?:off|price)|"
        r"\bon sale|\bfor free\b|\bbogo\b|\bpercent off|\bdeal\b)",
    ),
    "urgency_fomo": (
        r"\b(?:last (?:chance|day|call|few|one|spots?)|ends? (?:tonight|today|tomorrow|soon|at|in|on)|"
        r"(?:only|just) (?:\d+|\w+) (?:left|spots?|seats?|hours|days left)|before (?:it's|they're|it) "
        r"(?:gone|sold?|too late|sells)|limited|hurry|selling out|while (?:stocks?|supplies)|deadline|"
        r"closes? (?:on|at|in|tonight|tomorrow|sunday|friday|monday)|right now before|last minute|"
        r"won't be back|running out|today only|final (?:hours|day|call))\b",
    ),
    "trend_sound": (
        r"\b(?:this (?:sound|audio|trend|song)|lip ?sync|the trend|dance trend|ib:|inspired by the trend|"
        r"using this sound|transition|dc:|dance challenge|the song)\b",
        r"^\W*(?:sound on|🎶|🎵|♪)",
    ),
}
