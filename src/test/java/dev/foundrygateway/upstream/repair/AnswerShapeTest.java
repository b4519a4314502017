package dev.foundrygateway.upstream.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is an answer to which call. */
class AnswerShapeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DATA | application/json | {'object':'list','data':[]} | true",
                "DATA | application/json | {'embeddings':[[1]]} | true",
                "DATA | application/json | {'data':'no model is loaded'} | false",
                "DATA | application/json | {'data':{}} | false",
                "RANKS | application/json | {'results':[]} | true",
                "RANKS | application/json | {'results':'none'} | false",
                "RESPONSE | application/json | {'object':'response'} | true",
                "RESPONSE | application/json | {'output':[]} | true",
                "RESPONSE | application/json | {'object':'list','data':[]} | false",
                "RESPONSE | application/json | {'object':'chat.completion','choices':[]} | false",
                "RESPONSE | application/json | {'object':'error','message':'boom'} | false",
                "DELETED | application/json | {'id':'x','object':'response','deleted':true} | true",
                "DELETED | application/json | {'id':'x','object':'response.deleted'} | true",
                "DELETED | `` | `` | true",
                "DELETED | text/html | <p> | false",
                "TRANSCRIPT | text/plain | Hello | true",
                "TRANSCRIPT | text/plain | {curly} words | true",
                "TRANSCRIPT | text/vtt | WEBVTT | true",
                "TRANSCRIPT | text/plain | {'error':'boom'} | false",
                "TRANSCRIPT | `` | {'error':{'message':'boom'}} | false",
                "TRANSCRIPT | text/plain | ` <!DOCTYPE html><p>` | false",
                "TRANSCRIPT | `` | <html> | false",
                "TRANSCRIPT | application/json | {'text':''} | true",
                "TRANSCRIPT | application/json | {'segments':[]} | true",
                "TRANSCRIPT | application/json | {'foo':1} | false",
                "TRANSCRIPT | application/json | {'text':null} | false",
                "TRANSCRIPT | application/json | {} | false",
            })
    void anAnswerIsKnownByItsShape(AnswerShape shape, String type, String body, boolean answer) {
        Buffer bytes = Buffer.buffer(body.replace('\'', '"'));
        assertEquals(answer, shape.flaw(type, bytes).isEmpty());
    }
}
