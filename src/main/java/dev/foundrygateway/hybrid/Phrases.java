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
            "ich kann (?:[^.!?\\s]{1,30} ){0,6}nicht (?:beantworten|helfen|sagen|weiterhelfen|beurteilen)",
            "(?:leider|das|dies|diese frage|ihre frage|deine frage|dazu|dabei|darauf|hierzu|damit|darüber) "
                    + "(?:kann|darf) ich (?:[^.!?\\s]{1,30} ){0,6}nicht (?:beantworten|helfen|sagen|weiterhelfen|beurteilen)",
            "(?:das|leider|dies) wei(?:ß|ss) ich (?:[^.!?\\s]{1,30} ){0,2}nicht",
            "(?:leider|dazu|darüber|hierzu) (?:habe|liegen mir) (?:ich )?(?:[^.!?\\s]{1,30} ){0,3}keine (?:informationen|angaben|daten|kenntnis)",
            "ich habe (?:[^.!?\\s]{1,30} ){0,3}keine (?:informationen|angaben|daten|kenntnis)",
            "(?:es )?tut mir (?:sehr )?leid,? (?:aber )?ich",
            "als ki(?:-sprachmodell|-modell)? kann ich",
            "je (?:suis désolée?,? (?:mais )?je|ne sais pas|ne peux pas (?:répondre|vous aider|fournir)|ne dispose pas)",
            "je (?:ne )?(?:peux|sais|suis) (?:malheureusement |hélas )?pas (?:en mesure |capable )?(?:de |d'|vous |y )?(?:répondre|aider)",
            "(?:malheureusement|désolée?|hélas),? (?:mais )?je ne (?:peux|sais|suis|dispose)",
            "je ne (?:peux|sais|suis|dispose) malheureusement pas",
            "lo siento,? (?:pero )?(?:no|como)",
            "(?:lamentablemente|desafortunadamente|por desgracia),? no (?:puedo|sé|tengo|dispongo)",
            "no (?:lo sé|sé la respuesta|puedo (?:responder|ayudar|proporcionar)|tengo (?:suficiente )?información)",
            "mi dispiace,? (?:ma )?(?:non|come)",
            "non (?:lo so|posso (?:rispondere|aiutar)|sono in grado di)",
            "(?:purtroppo|sfortunatamente),? non (?:posso|so|ho|dispongo|sono)",
            "(?:desculpe|lamento),? (?:mas )?(?:não|como)",
            "infelizmente,? (?:eu )?não (?:posso|sei|consigo|tenho)",
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
