"""Words of each theme, anywhere in the words or the caption's tags; a plural needs no word of its own."""

from __future__ import annotations

_WORDS: dict[str, str] = {
    "beauty_skincare": (
        "skincare|skin care|skintok|makeup|make-up|mascara|lipstick|lip gloss|lip balm|blush|concealer|"
        "foundation|serum|retinol|moisturi[sz]er|cleanser|toner|sunscreen|spf|acne|pimple|pores?|"
        "hair(?:care|style|cut|dresser|line|tok)?|curls?|curly|shampoo|conditioner|nails?|manicure|"
        "perfume|fragrance|lash(?:es)?|brows?|eyebrows?|eyeliner|beauty|glow up|wig|bleach|balayage|"
        "face mask|niacinamide|wrinkles?|contour|salon|barber"
    ),
    "fashion": (
        "outfit|ootd|fashion|dress(?:es)?|jeans|jacket|blazer|skirt|sneakers?|shoes?|heels|boots|coat|"
        "thrift\\w*|wardrobe|closet|styling|stylist|handbag|bag|jewel\\w*|vintage|depop|streetwear|"
        "lookbook|sew(?:ing|n)?|fit check|clothes|clothing|hoodie|sweater|tailor|capsule|fabric|"
        "minimalistic|goodwill|earrings?|necklace"
    ),
    "fitness_wellness": (
        "gym|workout|fitness|gymtok|squats?|deadlift|bench|reps|cardio|pilates|yoga|plank|push ?ups?|"
        "pull ?ups?|protein|creatine|weight ?loss|calories|steps a day|running|marathon|5k|trainer|"
        "muscles?|stretch\\w*|mobility|glutes?|abs|biceps|pre ?workout|bulk(?:ing)?|meditat\\w*|"
        "cold plunge|sauna|breathwork|exercise|lift(?:ing|er)?|personal best"
    ),
    "food_drink": (
        "recipe|cook(?:ing)?|food|foodtok|meal|dinner|lunch|breakfast|bake|baking|cake|bread|sourdough|"
        "pasta|chicken|cheese|coffee|latte|matcha|tea|cocktail|wine|beer|restaurant|chef|kitchen|sauce|"
        "soup|salad|pizza|burger|noodles?|rice|snacks?|dessert|chocolate|cookies?|eat(?:ing)?|delicious|"
        "air ?fryer|oven|butter|garlic|spicy|martini|tacos?|sushi|ramen|barista|vegan|eggs?|potato\\w*"
    ),
    "home_garden": (
        "garden\\w*|plants?|houseplant|tomato(?:es)?|seeds?|soil|compost|lawn|mow\\w*|diy|renovat\\w*|"
        "home decor|decor|interior|furniture|sofa|couch|paint(?:ing|ed)? (?:the|my|a|our) \\w+|wallpaper|"
        "tiles?|declutter\\w*|clean(?:ing|tok)?|laundry|organi[sz](?:e|ing|ation)|apartment|landlord|"
        "bathroom|living room|vacuum|mop|shelf|shelves|grout|drill|woodwork\\w*|ikea|bedroom|house tour"
    ),
    "parenting_family": (
        "mom(?:s|my|life|tok)?|mum(?:s|my)?|dad(?:s|dy)?|parent(?:s|ing|hood)?|bab(?:y|ies)|toddlers?|"
        "newborn|pregnan\\w*|kids?|daughters?|sons?|nap ?time|diapers?|napp(?:y|ies)|breastfe\\w*|"
        "stroller|bedtime|daycare|postpartum|siblings?|grandma|grandpa|family|potty|tantrums?|my (?:\\w+ )?year[- ]old"
    ),
    "tech_gadgets": (
        "tech|iphone|android|phone|laptop|macbook|pc|app|apps|software|ai|chatgpt|gpt\\w*|robot|"
        "gadget|headphones?|earbuds|keyboard|monitor|camera|drone|smart ?watch|charger|usb\\w*|"
        "wifi|router|coding|code|programm\\w*|developer|website|chrome|google|excel|automation|"
        "prompt|3d print\\w*|tablet|ipad|battery|pixel|settings"
    ),
    "gaming": (
        "gam(?:e|es|er|ers|ing|ertok|eplay)|xbox|playstation|ps5|nintendo|switch|minecraft|fortnite|"
        "roblox|valorant|league of legends|call of duty|gta|steam|speedrun|boss fight|controller|"
        "console|twitch|streamer|lobby|ranked|fps|rpg|quest|npc|pokemon|zelda|elden ring|loot|raid|"
        "esports|level \\d+|sims|noob"
    ),
    "personal_finance": (
        "money|budget\\w*|sav(?:e|ing|ings) (?:money|account|\\$)|savings|invest\\w*|stocks?|crypto\\w*|"
        "bitcoin|credit (?:card|score)|debt|loan|mortgage|rent|interest|401k|roth|ira|tax(?:es)?|"
        "salary|paycheck|income|side hustle|passive income|bank|finance|financial|retire\\w*|etf|"
        "index fund|net worth|bills?|pension|broke|rich|wealth|overdraft|payday"
    ),
    "business_career": (
        "job|jobs|job ?search|job ?hunt\\w*|career|careers|interview\\w*|resume|cv|cover letter|linkedin|"
        "boss|manager|coworkers?|colleagues?|office|corporate|9 ?-? ?to ?-? ?5|work ?tok|hr|recruiter|"
        "hiring|hired|fired|laid off|layoffs?|unemploy\\w*|business|startup|entrepreneur\\w*|founder|"
        "clients?|marketing|sales|meetings?|emails?|promotion|internship|intern|customers?|freelanc\\w*|"
        "small business|employees?|work from home|wfh|shift|coworker|workplace|saas|agency|brand"
    ),
    "education": (
        "school|college|university|uni|student|students|study\\w*|studytok|exam|exams|finals?|midterms?|"
        "test|homework|assignment|essay|teacher|teachers|professor|lecture|class(?:es|room)?|grades?|"
        "gpa|semester|campus|dorm|degree|major|math|maths|calculus|chemistry|biology|physics|history|"
        "language|english|grammar|vocabulary|learn(?:ing)?|revision|revise|notes|flashcards?|sat|"
        "graduat\\w*|academic|quizlet|textbook|thesis|phd|scholarship|kindergarten"
    ),
    "travel": (
        "travel\\w*|trip|flight|airport|plane|hotel|hostel|airbnb|beach|island|vacation|holiday|passport|"
        "visa|backpack\\w*|itinerary|tourist|tourism|road ?trip|van ?life|cruise|luggage|suitcase|"
        "hik(?:e|ing)|mountains?|city break|paris|tokyo|japan|italy|bali|london|new york|destination|"
        "train (?:to|from|ride)|ferry|camping|sunset|abroad"
    ),
    "entertainment_comedy": (
        "movie|film|cinema|series|netflix|anime|actor|actress|celebrity|marvel|disney|comedy|funny|joke|"
        "prank|meme|memes|theat(?:re|er)\\w*|musical|booktok|book|books|novel|tv|episode|season \\d|"
        "horror|trailer|stand ?up|humou?r|reality show|fandom|cosplay|skit|hilarious|lol|lmao"
    ),
    "music_dance": (
        "music|song|songs|sing(?:er|ing)?|guitar|piano|drums?|bass|dance\\w*|dancing|choreo\\w*|rapper|rap|"
        "album|concert|band|vinyl|spotify|dj|producer|beat|beats|melody|chords?|ballet|lyrics|cover|"
        "festival|choir|violin|k-?pop|hip ?hop|orchestra|remix|playlist"
    ),
    "pets": (
        "dog|dogs|dogtok|pupp(?:y|ies)|cat|cats|kitten|kittens|pet|pets|vet|parrot|hamster|rabbit|bunny|"
        "horse|fish tank|aquarium|goldfish|leash|litter|treats|rescue|adopt|paws?|bark(?:ing)?|meow|"
        "golden retriever|reptile|gecko|guinea pig|tail|zoomies|groomer"
    ),
    "auto": (
        "car|cars|cartok|truck|engine|tires?|tyres?|brakes?|oil change|mechanic|garage|drift\\w*|bmw|"
        "toyota|honda|ford|mercedes|audi|tesla|ev|motorcycle|motorbike|bike build|dealership|horsepower|"
        "exhaust|wheels|turbo|mpg|driving|driver|parking|gearbox|clutch|detailing|windshield|mileage"
    ),
    "relationships_lifestyle": (
        "boyfriend|girlfriend|husband|wife|dating|date night|tinder|hinge|crush|relationship\\w*|love|"
        "breakup|ex|marriage|married|wedding|couple|couples|single|situationship|friends?|friendship|"
        "best ?friend|bestie|roommates?|self ?love|talking stage|toxic|red flag|soulmate|engagement|"
        "bride|anniversary|lonely|heartbreak|jealous"
    ),
    "sports": (
        "football|soccer|basketball|nba|nfl|baseball|mlb|hockey|tennis|golf|cricket|rugby|volleyball|"
        "swim(?:ming|mer)?|athlete|coach|match|goalkeeper|goal|penalty|referee|league|world cup|olympic\\w*|"
        "boxing|mma|ufc|wrestling|f1|race|racing|surf\\w*|skate\\w*|ski\\w*|climb(?:ing|er)?|messi|ronaldo|"
        "lebron|team|player|striker|tournament|championship|stadium|dribbl\\w*"
    ),
    "news_politics": (
        "news|breaking|president|election|vote|voting|congress|senate|government|politic\\w*|minister|"
        "parliament|policy|law|supreme court|protest|war|council|mayor|campaign|ballot|tariffs?|"
        "immigration|democrat|republican|headline|journalist|climate|inflation|strike|union|budget bill"
    ),
    "health_medical": (
        "doctor|nurse|nursing|hospital|patient|symptoms?|disease|medical|medicine|medication|surgery|"
        "adhd|anxiety|depress\\w*|therapy|therapist|mental ?health|blood|cancer|diabet\\w*|migraine|"
        "allerg\\w*|vaccin\\w*|dentist|teeth|hormones?|pcos|period|endometriosis|vitamins?|immune|gut|"
        "pain|sleep apnea|blood pressure|physio\\w*|clinic|pharmac\\w*|autis\\w*|health"
    ),
    "other": (
        "god|jesus|bible|church|prayer|astrology|zodiac|tarot|asmr|satisfying|origami|knit\\w*|crochet\\w*|"
        "candle|pottery|calligraphy|lego|magic trick|weather|space|astronomy|ufo|history of|museum|"
        "woodturning|bees?|bird ?watch\\w*|stamp|coin collection|blacksmith"
    ),
}
THEME: dict[str, tuple[str, ...]] = {
    theme: (rf"\b(?:{words})s?\b",) for theme, words in _WORDS.items()
}
