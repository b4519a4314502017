package dev.foundrygateway.edge;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Bodies about files and stores mean what they say: Jackson alone would take the number 5 for a name, and 1.5 for one. The only bodies that the framework's
 * mapper reads are these: a model server's replies are read elsewhere.
 */
@Singleton
public class StrictBodies implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        for (LogicalType wanted :
                List.of(LogicalType.Textual, LogicalType.Integer, LogicalType.Float, LogicalType.Boolean)) {
            for (CoercionInputShape came : CoercionInputShape.values()) {
                boolean same = wanted == LogicalType.Float && came == CoercionInputShape.Integer;
                if (!same) {
                    mapper.coercionConfigFor(wanted).setCoercion(came, CoercionAction.Fail);
                }
            }
        }
    }
}
