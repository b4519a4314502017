package dev.foundrygateway.hybrid;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Phrases that small models use when they cannot answer, and when they are not sure: English, German, French, Spanish, Italian, Portuguese. */
final class Phrases {
    private static final int REFUSAL_REACH = 400;

    private static final Pattern REFUSAL = any(List.of(
            "i(?:'m| am) (?:so |very )?sorry,? (?:but )?(?:i|as)\\b",
            "i (?:can(?:'t|not| not)|am unable to|'m unable to|am not able to|'m not able to) "
                    + "(?:answer|help|assist|provide|comply|determine|access|fulfil+|verify|do that)",
            "i (?:do not|don't) (?:know|have (?:enough |any |sufficient |access |real-time |the )*(?:information|data|context|access|details))",
            "i(?:'m| am) not (?:sure|certain) (?:what|how|who|when|where|which|about|i)",
            "as an ai(?: language model)?,? i (?:can(?:'t|not)|do(?: not|n't))",
            "(?:insufficient|not enough) (?:context|information|data)",
            "the (?:provided |given )?(?:context|text|document)s? (?:does not|do not|doesn't|don't) (?:contain|mention|provide|include|say)",
            "das wei(?:ß|ss) ich (?:leider )?nicht",
            "ich wei(?:ß|ss) (?:es |das )?(?:leider )?nicht",
            "ich kann (?:ihnen |dir |das |diese frage |dabei )*(?:leider )?nicht (?:beantworten|helfen|sagen|weiterhelfen)",
            "(?:es )?tut mir (?:sehr )?leid,? (?:aber )?ich",
            "als ki(?:-sprachmodell|-modell)? kann ich",
            "je (?:suis désolée?,? (?:mais )?je|ne sais pas|ne peux pas (?:répondre|vous aider|fournir)|ne dispose pas)",
            "lo siento,? (?:pero )?(?:no|como)",
            "no (?:lo sé|sé la respuesta|puedo (?:responder|ayudar|proporcionar)|tengo (?:suficiente )?información)",
            "mi dispiace,? (?:ma )?(?:non|come)",
            "non (?:lo so|posso (?:rispondere|aiutar))",
            "(?:desculpe|lamento),? (?:mas )?(?:não|como)",
            "(?:eu )?não (?:sei|posso (?:responder|ajudar)|tenho informações)"));

    private static final Pattern HEDGE = any(List.of(
            "perhaps|possibly|probably|maybe|might be|may be|seems? to|appears? to|i think|i believe|i guess|i assume|assuming",
            "it is (?:unclear|possible)|not (?:entirely |quite )?(?:sure|certain|clear)|approximately|roughly|it depends|unclear",
            "however,? (?:since|it)|let me (?:re|correct)|actually,|wait,",
            "vielleicht|möglicherweise|vermutlich|wahrscheinlich|ich glaube|ich denke|es scheint|unklar",
            "peut-être|probablement|il semble|je crois|je pense",
            "quizás?|tal vez|probablemente|parece que|creo que",
            "forse|probabilmente|sembra che|credo che",
            "talvez|provavelmente|acho que"));

    private Phrases() {}

    /** Whether it begins by refusing, or by saying that it does not know; a refusal quoted deep inside an answer is none. */
    static boolean refuses(String text) {
        String opening = text.length() > REFUSAL_REACH ? text.substring(0, REFUSAL_REACH) : text;
        return REFUSAL.matcher(opening.replace('’', '\'')).find();
    }

    static int hedges(String text) {
        Matcher matcher = HEDGE.matcher(text);
        int count = 0;
        while (matcher.find()) {
            count++;
        }
        return count;
    }

    private static Pattern any(List<String> phrases) {
        return Pattern.compile(
                "(?<![\\p{L}\\p{N}])(?:" + String.join("|", phrases) + ")",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
