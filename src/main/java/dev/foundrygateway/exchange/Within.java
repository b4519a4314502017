package dev.foundrygateway.exchange;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The range of a setting's number, of a time in seconds or of a size in bytes. A setting without it takes everything from zero on. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Within {
    /** The least value. */
    double min() default 0;

    /** The greatest value. */
    double max() default Double.MAX_VALUE;

    /** Whether the least value itself is too little. */
    boolean above() default false;
}
